using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <content>Auto-wrangling (spec/scheduling.md §11): whether a host or the job is to blame for failures, and what follows from it.</content>
public sealed partial class JobDecider
{
    private const string Wrangler = "auto-wrangling";

    /// <summary>After every failed try of an item, those that are retried included (spec/callbacks.md Q10).</summary>
    private void Wrangle(string host, long nowMs)
    {
        var own = State.HostRecords.GetValueOrDefault(host);
        if (own.Failed <= options.WranglingFailures || own.Completed > 0)
        {
            return;
        }

        var others = State.HostRecords.Keys
            .Concat(State.Instances.Where(instance => instance.IsActive && instance.Host is not null).Select(instance => instance.Host!))
            .Where(other => other != host).Distinct(StringComparer.Ordinal)
            .Select(other => State.HostRecords.GetValueOrDefault(other)).ToList();
        if (others.Count == 0)
        {
            // The only host so far: it may be either of them.
            BlameJob(host, State.AutoMigrations < options.WranglingMigrations ? JobVerb.Migrate : JobVerb.Block, nowMs);
        }
        else if (others.TrueForAll(other => other is { Completed: 0, Failed: > 0 }))
        {
            BlameJob(host, JobVerb.Block, nowMs);
        }
        else
        {
            BlameHost(host, nowMs);
        }
    }

    private void BlameJob(string host, JobVerb verb, long nowMs)
    {
        Judged(host, verb, $"{Wrangler}: {JobVerbs.Name(verb)}, items fail on {host}", nowMs);
        OnInstances(new JobMessages.ControlJob { JobId = Id, Verb = verb, User = Wrangler }, [], nowMs);
    }

    /// <summary>The host is locked, what failed there runs again, and the job's instances leave it.</summary>
    private void BlameHost(string host, long nowMs)
    {
        Judged(host, JobVerb.None, $"{Wrangler}: host {host} is locked, items fail there alone", nowMs);
        outbox.TellOther(new HostMessages.LockHost { Host = host, Locks = "host.processor_all=1", User = Wrangler });
        var items = new IntervalSet();
        foreach (var seq in State.Items.WithStatus(status => status == Status.Failed).Values().Where(seq => State.Items.RecordOf(seq).Host == host))
        {
            items.Add(seq);
        }

        if (!items.IsEmpty)
        {
            Emit(new Transition { Kind = TransitionKind.ItemsSet, Status = Status.Pending, Items = items.ToPairs() }, nowMs);
            Emit(new Transition { Kind = TransitionKind.AttemptsReset, Items = items.ToPairs() }, nowMs);
        }

        foreach (var instance in State.Instances.Where(instance => instance.Host == host && instance.IsActive && instance.Ending is null).ToList())
        {
            End(instance, Status.Pending, JobVerb.None, 0, nowMs);
            Stop(instance, null, kill: false);
        }
    }

    private void Judged(string host, JobVerb verb, string why, long nowMs)
    {
        Emit(new Transition { Kind = TransitionKind.Wrangled, Host = host, Verb = verb }, nowMs);
        Emit(new Transition { Kind = TransitionKind.Noted, Text = why }, nowMs);
        IsUrgent = true;
    }
}

using Akka.Actor;
using Qube.Actors.Hosts;
using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <content>Sources beside jobs that are named: the farm's log, hosts' logs, and with context <c>*</c> every job's (DESIGN.md beside this file).</content>
public sealed partial class CallbackActor
{
    /// <summary>Cursors of logs that are not followed at the moment: of a host whose name was not said yet in this life, of a job that ended.</summary>
    private readonly Dictionary<long, long> laidBy = [];
    private bool isGlobal;

    private void NameSources()
    {
        fold.Followed = () => sources.Values;
        isGlobal = spec.JobId.Value == 0;
        foreach (var source in fold.JobSources)
        {
            // A job that came with this one, or later, had no past when this one was submitted: its log is read from the start.
            sources[source] = new SourceLog(source)
            {
                // A global callback passes the past over by its time; whether it counts is asked of a job's own callbacks only (design §5).
                Bound = isGlobal || source >= spec.SubmissionFirstId,
                SinceMs = isGlobal ? spec.SubmittedAtMs : 0,
                Hosts = fold.AsksForHostsOf(source) ? new HostsOfJob() : null,
            };
        }

        if (fold.FollowsFarm)
        {
            sources[EventSources.Farm] = new SourceLog(EventSources.Farm) { Bound = true, Cursor = spec.FarmCursor };
        }

        foreach (var host in fold.NamedHosts)
        {
            AddHost(host);
        }
    }

    /// <summary>While a label is open every job's news is heard, since the one that will have it is not known.</summary>
    private void Listen()
    {
        var wanted = sources.Keys.ToList();
        if (fold.Set.OpenLabels.Count > 0 || fold.FollowsEveryJob)
        {
            wanted.Add(EventSources.Every);
        }
        else if (fold.FollowsEveryHost)
        {
            wanted.Add(EventSources.EveryHost);
        }

        farm.Bus.Tell(new BusMessages.Subscribe { Sources = [.. wanted] });
    }

    /// <summary>A host's log is read from its start, and what is older than these callbacks passed over: host logs are short.</summary>
    private SourceLog? AddHost(string host)
    {
        var key = EventSources.OfHost(host);
        if (sources.ContainsKey(key))
        {
            return null;
        }

        laidBy.Remove(key, out var cursor);
        return sources[key] = new SourceLog(key, host) { Bound = true, Cursor = cursor, SinceMs = spec.SubmittedAtMs };
    }

    private void FollowHosts(IEnumerable<string> hosts)
    {
        SourceLog[] added = [.. hosts.ToList().Select(AddHost).OfType<SourceLog>()];
        if (added.Length > 0)
        {
            Listen();
        }

        foreach (var source in added)
        {
            Read(source);
        }
    }

    private void AskForHosts(string after = "")
    {
        if (fold.FollowsEveryHost)
        {
            farm.Farm.Tell(new EventMessages.GetHostNames { After = after });
        }
    }

    private void OnHostNames(EventMessages.HostNames known)
    {
        FollowHosts(known.Names);
        if (known.Next.Length > 0)
        {
            AskForHosts(known.Next);
        }
    }

    /// <summary>The log that this envelope is of; one that nobody has heard of yet is followed from here on, if somebody listens to all of its kind.</summary>
    private SourceLog? SourceOf(BusMessages.Envelope envelope)
    {
        if (sources.TryGetValue(envelope.Source.Value, out var known))
        {
            return known.Host == envelope.Host ? known : null;
        }

        if (envelope.Host.Length > 0)
        {
            return fold.FollowsEveryHost ? AddHost(envelope.Host) : null;
        }

        return Roam(envelope.Source.Value);
    }

    /// <summary>Begins to follow a job that nobody named. What it did before these callbacks were there is passed over by its time.</summary>
    private SourceLog? Roam(long job)
    {
        if (!fold.FollowsEveryJob || !EventSources.IsJob(job))
        {
            return null;
        }

        laidBy.Remove(job, out var cursor);
        var source = sources[job] = new SourceLog(job) { Bound = true, Cursor = cursor, SinceMs = spec.SubmittedAtMs, IsRoaming = true };
        if (cursor > 0)
        {
            AskSources();
        }

        return source;
    }

    /// <summary>Of a job that nobody named and that has ended, only where its log stood is kept; the rest would be its agenda for ever.</summary>
    private void LayBy()
    {
        foreach (var source in sources.Values.Where(source => source is { IsRoaming: true, HasEnded: true, Reading: false }).ToList())
        {
            sources.Remove(source.Source);
            laidBy[source.Source] = source.Cursor;
        }
    }

    private void HeardOfUnknown(long id, long position)
    {
        if (EventSources.IsHost(id))
        {
            AskForHosts();
        }
        else if (laidBy.GetValueOrDefault(id) < position && Roam(id) is { } source)
        {
            source.Known = position;
            Read(source);
        }
    }

    private long CursorOf(long source) => sources.TryGetValue(source, out var known) ? known.Cursor : laidBy.GetValueOrDefault(source);

    private void RecoverCursor(long source, long cursor)
    {
        if (sources.TryGetValue(source, out var known))
        {
            known.Cursor = cursor;
        }
        else
        {
            laidBy[source] = cursor;
        }
    }

    /// <summary>Whether everything between what was folded and this entry says nothing to anybody.</summary>
    private static bool Follows(SourceLog source, BusMessages.Envelope envelope) =>
        source.IsJob ? envelope.SequenceNr == source.Cursor + 1 : envelope.Previous <= source.Cursor;

    private static bool IsTooOld(SourceLog source, object entry) => source.SinceMs > 0 && source.SinceMs > AtMs(entry);

    /// <summary>When it was made, by the clock of who made it; 0 when it does not say.</summary>
    private static long AtMs(object entry) => entry switch
    {
        JobEvents.Created created => created.AtMs,
        JobEvents.Batch batch => batch.AtMs,
        _ => HostLifecycle.AtMs(entry),
    };

    /// <summary>What an entry says of where the job's instances are, and whether its owner is still there.</summary>
    private void Note(SourceLog source, long sequenceNr, object entry)
    {
        if (entry is not JobEvents.Batch batch)
        {
            return;
        }

        foreach (var t in batch.Transitions)
        {
            source.HasEnded = t.Kind switch
            {
                TransitionKind.Removed => true,
                TransitionKind.JobStatus => t.Status.IsTerminal(),
                _ => source.HasEnded,
            };
        }

        if (source.Hosts is { } hosts && hosts.Apply(sequenceNr, batch))
        {
            FollowHosts(hosts.Names);
        }

        if (source.Source == spec.JobId.Value && batch.Transitions.Any(t => t.Kind == TransitionKind.Removed))
        {
            fold.IsOwnerRemoved = true;
            ArmClock();
        }
    }

    /// <summary>The same, out of the job's own word.</summary>
    private void Note(SourceLog source, JobMessages.Source seen)
    {
        if (source.Hosts is { } hosts && seen.Exists)
        {
            hosts.Set(seen);
            FollowHosts(hosts.Names);
        }

        if (seen.Removed && source.Source == spec.JobId.Value)
        {
            fold.IsOwnerRemoved = true;
            ArmClock();
        }
    }

    /// <summary>A global callback that will never fire again leaves the farm once all that it fired is done.</summary>
    private void TellIfSpent()
    {
        if (isGlobal && !writing && !HasNews && spec.Callbacks.All(callback => fold.IsSpent(callback.Id)) && fold.Firings.Values.All(record => record.Done))
        {
            Context.Parent.Tell(new Farm.FarmActor.GlobalSpent(spec.Callbacks[0].Id));
        }
    }
}

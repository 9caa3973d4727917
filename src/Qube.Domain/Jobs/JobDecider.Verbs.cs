using System.Globalization;
using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <content>Verbs of people, scripts and callbacks (spec/jobs.md §6.1, spec/callbacks.md §11).</content>
public sealed partial class JobDecider
{
    /// <summary>Applies a verb once; a request id that was applied before is answered and changes nothing.</summary>
    public void OnControl(JobMessages.ControlJob command, object replyTo, long nowMs)
    {
        IsUrgent = true;
        if (IsRepeated(command.RequestId, replyTo))
        {
            return;
        }

        if (batch.Count > 0 && command is not { Verb: JobVerb.Unblock, Scope: VerbScope.Work })
        {
            // What came before is an action of its own, with the job's own events: killed and retried in one batch is both. Frames that callbacks
            // free by the thousand undo nothing, and are settled together.
            Settle(nowMs);
        }

        // Not remembered: whoever may do nothing must not have another's request taken for done by its id.
        if (command.IsLimited && !State.Removed && IsDenied(command.Owners, JobVerbs.Name(command.Verb), command.User, command.RequestId, replyTo, nowMs))
        {
            return;
        }

        Remember(command.RequestId, !command.FromCallback, nowMs);

        if (State.Removed)
        {
            Answer(replyTo, command.RequestId, []);
            return;
        }

        var affected = new List<string>();
        switch (command.Verb)
        {
            case JobVerb.Remove:
                Remove(command, affected, nowMs);
                break;
            case JobVerb.Top or JobVerb.Bottom:
                Emit(new Transition { Kind = TransitionKind.LocalOrder, Attempt = command.Verb == JobVerb.Top ? -1 : 1 }, nowMs);
                affected.Add(Id.ToString());
                DemandChanged = true;
                break;
            case JobVerb.Shove:
                affected.Add(Id.ToString());
                DemandChanged = true;
                break;
            default:
                if (command.Scope is VerbScope.Work or VerbScope.Both)
                {
                    OnItems(command, affected, nowMs);
                }

                if (command.Scope is VerbScope.Job or VerbScope.Both)
                {
                    OnInstances(command, affected, nowMs);
                }

                break;
        }

        if (affected.Count > 0 && !command.FromCallback)
        {
            Emit(new Transition { Kind = TransitionKind.Noted, Text = $"{command.User}: {JobVerbs.Name(command.Verb)}" }, nowMs);
        }

        Answer(replyTo, command.RequestId, [.. affected]);
    }

    /// <summary>Answers a command that was applied before as it was answered then; after a recovery, with nothing affected.</summary>
    private bool IsRepeated(string requestId, object replyTo)
    {
        if (requestId.Length == 0 || !State.WasApplied(requestId))
        {
            return false;
        }

        var affected = answered.GetValueOrDefault(requestId, []);
        outbox.Replies.Add((replyTo, new JobMessages.ControlDone { JobId = Id, RequestId = requestId, Affected = affected }));
        return true;
    }

    private void Remember(string requestId, bool isClients, long nowMs)
    {
        if (requestId.Length > 0)
        {
            Emit(new Transition { Kind = TransitionKind.CommandApplied, Text = requestId, Ahead = isClients }, nowMs);
        }
    }

    /// <summary>Answers whoever may not have this done to this owner's job with nothing changed, and notes it in the job's history (spec/callbacks.md Q26).</summary>
    private bool IsDenied(string[] owners, string verb, string user, string requestId, object replyTo, long nowMs)
    {
        if (owners.Contains(State.Spec.User, StringComparer.Ordinal))
        {
            return false;
        }

        Emit(new Transition { Kind = TransitionKind.Noted, Text = $"{user}: {verb} refused: no permission for jobs of {State.Spec.User}" }, nowMs);
        outbox.Replies.Add((replyTo, new JobMessages.ControlDone { JobId = Id, RequestId = requestId, Denied = $"job {Id}: {user} has no permission to {verb} jobs of {State.Spec.User}" }));
        return true;
    }

    private void Answer(object replyTo, string requestId, string[] affected, string error = "")
    {
        if (answered.Count >= JobState.ClientCommandsKept)
        {
            answered.Clear();
        }

        answered[requestId] = affected;
        outbox.Replies.Add((replyTo, new JobMessages.ControlDone { JobId = Id, RequestId = requestId, Affected = affected, Error = error }));
    }

    public void OnForget(JobMessages.ForgetCommands forget, long nowMs)
    {
        foreach (var id in forget.RequestIds.Where(State.WasApplied))
        {
            Emit(new Transition { Kind = TransitionKind.CommandForgotten, Text = id }, nowMs);
        }
    }

    /// <summary>Work verbs, on items named; and what the same verb does to running items.</summary>
    private void OnItems(JobMessages.ControlJob command, List<string> affected, long nowMs)
    {
        if (!HasAgenda || JobVerbs.ItemTarget(command.Verb) is not { } target)
        {
            return;
        }

        var chosen = new IntervalSet();
        foreach (var (first, last) in Addressed(command).Intervals())
        {
            for (var seq = first; seq <= last; seq++)
            {
                if (JobVerbs.AcceptsItem(command.Verb, State.Items.StatusOf(seq)))
                {
                    chosen.Add(seq);
                }
            }
        }

        if (!chosen.IsEmpty)
        {
            SetItems(chosen, target, command, nowMs);
            if (command.Verb is JobVerb.Retry or JobVerb.Requeue)
            {
                Emit(new Transition { Kind = TransitionKind.AttemptsReset, Items = chosen.ToPairs() }, nowMs);
            }

            affected.AddRange(chosen.Values().Select(seq => $"{Id}:{State.Agenda!.NameOf(seq)}"));
        }

        ReopenFor(command, !chosen.IsEmpty, nowMs);
    }

    /// <summary>Instances that must take part again because items are to run: after a retry those that had ended, and after a callback's
    /// unblock those that were held (spec/callbacks.md Q12).</summary>
    private void ReopenFor(JobMessages.ControlJob command, bool anyItem, long nowMs)
    {
        var reopensEnded = command.Verb is JobVerb.Retry or JobVerb.Requeue && anyItem;
        var opensHeld = command is { Verb: JobVerb.Unblock, FromCallback: true };
        var target = command.Verb == JobVerb.Requeue ? Status.Blocked : Status.Pending;
        foreach (var instance in State.Instances)
        {
            if ((reopensEnded && instance.Status.IsTerminal() && TakesPart(instance)) || (opensHeld && anyItem && instance.Status == Status.Blocked))
            {
                SetInstance(instance, target, nowMs, byItself: target == Status.Blocked, depth: command.Depth);
            }
        }
    }

    private void SetItems(IntervalSet items, Status target, JobMessages.ControlJob command, long nowMs)
    {
        var running = items.Values().Where(seq => State.Items.RecordOf(seq).InHand).ToList();
        var before = command.Verb == JobVerb.Unblock ? (int)Status.Blocked : 0;
        Emit(
            new Transition
            {
                Kind = TransitionKind.ItemsSet,
                Status = target,
                Items = items.ToPairs(),
                Attempt = before,
                Depth = command.Depth,
                Verb = command.Verb == JobVerb.Retry ? JobVerb.Retry : JobVerb.None,
            },
            nowMs);
        foreach (var group in running.GroupBy(seq => State.Items.RecordOf(seq).Instance))
        {
            Stop(State.Instances[group.Key], [.. group]);
        }
    }

    private void Stop(JobInstance instance, int[]? seqs, bool kill = true)
    {
        if (instance.Host is { } host && instance.InHand.Count > 0)
        {
            // By attempt: what is said late or twice must not stop a later one.
            outbox.ToWorkers.Add((host, new WorkerMessages.StopItems
            {
                JobId = Id,
                Epoch = State.Epoch,
                Instance = instance.Id,
                Run = instance.Run,
                Items = [.. (seqs ?? [.. instance.InHand]).SelectMany(seq => (int[])[seq, TryOf(instance, seq)])],
                Kill = kill,
                GraceSeconds = options.KillGraceSeconds,
            }));
        }
    }

    private IntervalSet Addressed(JobMessages.ControlJob command)
    {
        if (command.Items.Length == 0 && command.Intervals.Length == 0)
        {
            return new IntervalSet(0, State.Items.Count - 1);
        }

        var set = new IntervalSet();
        foreach (var item in command.Items)
        {
            set.UnionWith(State.Agenda!.Select(item));
        }

        for (var index = 0; index + 1 < command.Intervals.Length; index += 2)
        {
            AddNumbered(set, command.Intervals[index], command.Intervals[index + 1]);
        }

        return set;
    }

    /// <summary>Items by number: by name while the interval is the smaller side, else by going through the agenda.</summary>
    private void AddNumbered(IntervalSet set, long first, long last)
    {
        // The difference as an unsigned number: of the two ends of all numbers it would otherwise be -1.
        if (last >= first && (ulong)(last - first) <= (ulong)State.Items.Count)
        {
            for (var number = first; number <= last; number++)
            {
                if (State.Agenda!.TryGetSeq(number.ToString(CultureInfo.InvariantCulture), out var seq))
                {
                    set.Add(seq);
                }
            }

            return;
        }

        for (var seq = 0; seq < State.Items.Count; seq++)
        {
            if (long.TryParse(State.Agenda!.NameOf(seq), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= first && number <= last)
            {
                set.Add(seq);
            }
        }
    }
}

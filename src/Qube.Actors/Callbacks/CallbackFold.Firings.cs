using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <content>The firings: what each match fired, what became of it, and how many are kept in memory. The log has them all.</content>
internal sealed partial class CallbackFold
{
    /// <summary>Longest causal chain, and how often one callback may recur on one item within it (design §5, loop guard).</summary>
    private const int MaxDepth = 1000;
    private const int MaxRecurrences = 20;

    /// <summary>Firings that are done and still in memory, and leaves that they may remember together: enough to look at, little enough to hold
    /// for every job.</summary>
    private const int DoneKept = 1000;
    private const int DoneLeavesKept = 20_000;

    /// <summary>Requests to do a firing again whose ids are remembered: more than a client that repeats itself can have under way.</summary>
    private const int RequestsKept = 1000;

    private readonly Dictionary<(int Callback, string Item), (int Depth, int Times)> chains = [];
    private readonly Dictionary<(int Callback, int Ordinal), LeafMark> marks = [];
    private readonly Dictionary<int, string[]> texts = [];
    private readonly Queue<long> done = new();
    private readonly Dictionary<string, FiringRecord> byKey = [];
    private readonly Dictionary<string, LedgerMessages.FiringRefired> requests = [];
    private readonly Queue<string> requestOrder = new();
    private int doneCount;
    private int doneLeaves;
    private long lastOrder;

    /// <summary>Every firing that is not done, and the newest that are, in order.</summary>
    public SortedDictionary<long, FiringRecord> Firings { get; } = [];

    /// <summary>The firings of <see cref="Firings"/> by id.</summary>
    public Dictionary<string, long> FiringOrder { get; } = [];

    public HashSet<int> Suspended { get; } = [];

    /// <summary>Callbacks that go round in a circle and are not suspended yet: whoever folds live is to suspend them.</summary>
    public HashSet<int> Runaways { get; } = [];

    /// <summary>How many firings are in the log alone.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Told of each firing as it leaves memory.</summary>
    public Action<FiringRecord>? OnForgotten { get; init; }

    /// <summary>Folds a match; what fires is new unless its id is known.</summary>
    public List<FiringRecord> Apply(CallbackEvents.Match match, long atMs)
    {
        var fired = new List<FiringRecord>();
        if (match.Unlatch != 0)
        {
            Set.Unlatch(match.Source, (SubjectType)(match.Unlatch - 1), match.Names.Length + match.Intervals.Length == 0 ? null : NamesOf(match));
            return fired;
        }

        if (match.Source == ClockSource)
        {
            strikes[(match.Callback, match.Patterns[0])] = match.SequenceNr;
        }

        var names = NamesOf(match);
        foreach (var ordinal in match.Patterns)
        {
            marks[(match.Callback, ordinal)] = new LeafMark(ordinal, atMs, match.Source, match.SequenceNr, match.Ordinal, names.OnlyName ?? "");
        }

        var cause = new EventCause(Text(match.Source), match.SequenceNr, match.Ordinal);
        foreach (var firing in Set.Apply(new PatternMatch(match.Callback, [.. match.Patterns], names), cause))
        {
            var id = $"{spec.JobId}/{firing.CallbackId}/{match.Source}/{match.SequenceNr}/{match.Ordinal}{(firing.Current is null ? "" : "/" + firing.Current)}";
            if (FiringOrder.ContainsKey(id))
            {
                continue;
            }

            var record = new FiringRecord(id, ++lastOrder, specs[firing.CallbackId], firing, EventText(match, firing), match.Source, match.Depth + 1, atMs)
            {
                Leaves = LeavesOf(firing.CallbackId),
            };
            Add(record);
            if (IsRunaway(record))
            {
                Close(record, FiringState.Dead, "suspended: this callback goes round in a circle");
                if (!Suspended.Contains(firing.CallbackId))
                {
                    Runaways.Add(firing.CallbackId);
                }
            }
            else
            {
                fired.Add(record);
            }
        }

        return fired;
    }

    public void Suspend(int callback)
    {
        Suspended.Add(callback);
        Runaways.Remove(callback);
        Set.Remove(callback);
    }

    /// <summary>The firing whose action has that key, while it is in memory.</summary>
    public FiringRecord? ByKey(string key) => byKey.GetValueOrDefault(key);

    /// <summary>What an entry of the callbacks' own journal says, without the cursors: in recovery, and for whoever reads the log again.</summary>
    public void Replay(object? entry)
    {
        switch (entry)
        {
            case CallbackEvents.SourceBound bound:
                Replay(bound.Matches, bound.AtMs);
                break;
            case CallbackEvents.LabelBound bound:
                Set.Resolve(bound.Label, bound.Source);
                break;
            case CallbackEvents.Folded folded:
                Replay(folded.Matches, folded.AtMs);
                ApplyOutcomes(folded);
                foreach (var callback in folded.Suspended)
                {
                    Suspend(callback);
                }

                break;
        }
    }

    private void Replay(CallbackEvents.Match[] matches, long atMs)
    {
        foreach (var match in matches)
        {
            Apply(match, atMs);
        }
    }

    /// <summary>What a leaf says: <c>complete-work-ribgen-5</c>, with a <c>!</c> where there is one.</summary>
    public string PatternText(int callback, int ordinal) =>
        texts.TryGetValue(callback, out var known) || (known = TextsOf(callback)).Length > 0 ? known[ordinal] : "";

    private string[] TextsOf(int callback)
    {
        var leaves = TriggerParser.Parse(specs[callback].Triggers, labels).Expression?.Leaves() ?? [];
        return texts[callback] = [.. leaves.Select(leaf => leaf.ToString())];
    }

    /// <summary>What a write says of firings, and of those alone: the same live and in recovery.</summary>
    public void ApplyOutcomes(CallbackEvents.Folded folded)
    {
        foreach (var refired in folded.Refired)
        {
            Refire(refired);
        }

        foreach (var started in folded.Started)
        {
            Start(started, folded.Node);
        }

        foreach (var finished in folded.Finished)
        {
            Finish(finished, folded.Node);
        }
    }

    public void Start(CallbackEvents.Started started, string node)
    {
        if (!FiringOrder.TryGetValue(started.Firing, out var order) || Firings[order] is not { Done: false } record)
        {
            return;
        }

        record.State = FiringState.Running;
        record.Attempts.Add(new LedgerMessages.AttemptRow
        {
            Number = started.Attempt,
            StartedMs = started.AtMs,
            Node = node,
            User = record.User,
            IsAgain = started.IsAgain,
        });
    }

    public void Finish(CallbackEvents.Finished finished, string node)
    {
        if (!FiringOrder.TryGetValue(finished.Firing, out var order) || Firings[order] is not { Done: false } record)
        {
            return;
        }

        var end = EndOf(finished);
        var open = record.Attempts is [.., { EndedMs: 0 } last] ? last : null;
        var row = (open ?? new LedgerMessages.AttemptRow { Number = record.Attempts.Count + 1, StartedMs = finished.StartedMs, Node = node, User = record.User }) with
        {
            EndedMs = finished.EndedMs,
            End = end,
            Outcome = finished.Outcome,
            OutputOffset = finished.OutputOffset,
            OutputBytes = finished.OutputBytes,
        };
        if (open is not null)
        {
            record.Attempts.RemoveAt(record.Attempts.Count - 1);
        }

        record.Attempts.Add(row);
        switch (end)
        {
            case FiringEnd.Retrying:
                record.State = FiringState.Pending;
                record.Outcome = finished.Outcome;
                break;
            case FiringEnd.Dead:
                Close(record, FiringState.Dead, finished.Outcome);
                break;
            default:
                Close(record, end == FiringEnd.Failed ? FiringState.Failed : FiringState.Done, finished.Outcome);
                break;
        }
    }

    /// <summary>What was answered to that request, or null.</summary>
    public LedgerMessages.FiringRefired? Answered(string request) => requests.GetValueOrDefault(request);

    /// <summary>Opens a firing again. One that has left memory comes back with what the event says of it.</summary>
    public FiringRecord? Refire(CallbackEvents.Refired refired)
    {
        if (!specs.TryGetValue(refired.Callback, out var callback))
        {
            return null;
        }

        if (FiringOrder.TryGetValue(refired.Firing, out var order))
        {
            var known = Firings[order];
            if (known.Done)
            {
                doneCount--;
                doneLeaves -= known.Leaves.Length;
            }

            return Open(known, refired);
        }

        var works = Names(refired.Works, refired.WorkIntervals);
        var instances = Names(refired.Instances, refired.InstanceIntervals);
        var cause = new EventCause(Text(refired.Source), refired.SequenceNr, refired.Ordinal);
        var record = new FiringRecord(
            refired.Firing, refired.Order, callback, new Firing(refired.Callback, cause, works, instances, refired.Current), refired.EventText, refired.Source, refired.Depth, refired.FiredMs);
        for (var number = 1; number <= refired.Attempts; number++)
        {
            record.Attempts.Add(new LedgerMessages.AttemptRow { Number = number, StartedMs = refired.FiredMs, EndedMs = refired.FiredMs, Outcome = "see the log" });
        }

        Forgotten--;
        Add(record);
        return Open(record, refired);
    }

    public static CallbackEvents.Refired RefiredOf(FiringRecord record, LedgerMessages.Refire request, long atMs) => new()
    {
        Firing = record.Id,
        RequestId = request.RequestId,
        User = request.User,
        AtMs = atMs,
        Callback = record.Callback.Id,
        Run = record.Run + 1,
        Attempts = record.Attempts.Count,
        Source = record.Source,
        SequenceNr = record.Firing.Cause.SequenceNumber,
        Ordinal = record.Firing.Cause.Ordinal,
        Depth = record.Depth,
        EventText = record.EventText,
        FiredMs = record.AtMs,
        Current = record.Firing.Current,
        Works = [.. record.Firing.Works.Others],
        WorkIntervals = Pairs(record.Firing.Works),
        Instances = [.. record.Firing.Instances.Others],
        InstanceIntervals = Pairs(record.Firing.Instances),
        Order = record.Order,
    };

    /// <summary>When that leaf last matched; null when it has not.</summary>
    public LeafMark? MarkOf(int callback, int ordinal) => marks.TryGetValue((callback, ordinal), out var mark) ? mark : null;

    private FiringRecord Open(FiringRecord record, CallbackEvents.Refired refired)
    {
        record.State = FiringState.Pending;
        record.Run = refired.Run;
        record.User = refired.User;
        byKey[record.Key] = record;
        if (refired.RequestId.Length > 0 && requests.TryAdd(
            refired.RequestId, new LedgerMessages.FiringRefired { JobId = spec.JobId, Firing = record.Id, Attempt = record.CurrentAttempt }))
        {
            requestOrder.Enqueue(refired.RequestId);
            if (requestOrder.Count > RequestsKept)
            {
                requests.Remove(requestOrder.Dequeue());
            }
        }

        return record;
    }

    private void Add(FiringRecord record)
    {
        FiringOrder[record.Id] = record.Order;
        Firings[record.Order] = record;
        byKey[record.Key] = record;
    }

    private void Close(FiringRecord record, FiringState state, string outcome)
    {
        record.State = state;
        record.Outcome = outcome;
        done.Enqueue(record.Order);
        doneCount++;
        doneLeaves += record.Leaves.Length;
        while (doneCount > DoneKept || (doneLeaves > DoneLeavesKept && doneCount > 1))
        {
            // One that was done, opened again and done again stands twice: the first time it counts.
            if (Firings.TryGetValue(done.Dequeue(), out var oldest) && oldest.Done)
            {
                Forget(oldest);
            }
        }
    }

    private void Forget(FiringRecord record)
    {
        Firings.Remove(record.Order);
        FiringOrder.Remove(record.Id);
        for (var run = 1; run <= record.Run; run++)
        {
            byKey.Remove(FiringRecord.KeyOf(record.Id, run));
        }

        doneCount--;
        doneLeaves -= record.Leaves.Length;
        Forgotten++;
        OnForgotten?.Invoke(record);
    }

    /// <summary>True when this firing goes round in a circle: its callback is to be suspended.</summary>
    private bool IsRunaway(FiringRecord record)
    {
        var key = (record.Callback.Id, record.Firing.Current ?? "");
        var before = chains.GetValueOrDefault(key);
        var times = record.Depth > before.Depth && before.Depth > 0 ? before.Times + 1 : 1;
        chains[key] = (record.Depth, times);
        return times > MaxRecurrences || record.Depth > MaxDepth;
    }

    private LeafMark[] LeavesOf(int callback)
    {
        var leaves = new List<LeafMark>(1);
        var count = Set.PatternCount(callback);
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            if (marks.TryGetValue((callback, ordinal), out var mark))
            {
                leaves.Add(mark);
            }
        }

        return [.. leaves];
    }

    /// <summary>The event that made it fire, the concrete item and job in place of wildcards: <c>complete-work-ribgen-5</c>.</summary>
    private string EventText(CallbackEvents.Match match, Firing firing)
    {
        var pattern = Set.PatternOf(match.Callback, match.Patterns[0]);
        if (pattern.Context.Kind == ContextKind.Any && EventSources.IsJob(match.Source))
        {
            pattern = pattern with { Context = TriggerContext.ForJob(match.Source) };
        }

        return (pattern.IsWildcard && firing.Current is { } item ? pattern with { Extra = item } : pattern).ToString();
    }

    private static FiringEnd EndOf(CallbackEvents.Finished finished) => finished.End != FiringEnd.Unknown ? finished.End : EndOf(finished.Outcome);

    /// <summary>Of outcomes that say it in words alone: what a verb changed, a script's completion, and anything else that went wrong.</summary>
    public static FiringEnd EndOf(string outcome) =>
        outcome.StartsWith("changed ", StringComparison.Ordinal) || outcome.StartsWith("completed", StringComparison.Ordinal)
        || outcome.StartsWith("sent", StringComparison.Ordinal) || outcome == "exited with code 0"
            ? FiringEnd.Done
            : FiringEnd.Failed;

    private static NameSet Names(string[] others, long[] intervals) => NameSet.FromParts(intervals.Chunk(2).Select(pair => new NameInterval(pair[0], pair[1])), others);

    private static long[] Pairs(NameSet names) => [.. names.Intervals.SelectMany(interval => (long[])[interval.First, interval.Last])];
}

using Qube.Contracts;
using Qube.Domain.Execution;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <summary>The callbacks of one job as data: triggers compiled, matches folded into firings, live and in recovery by the same path (design §4 step 10).
/// No actor type in it.</summary>
internal sealed partial class CallbackFold
{
    /// <summary>Longest causal chain, and how often one callback may recur on one item within it (design §5, loop guard).</summary>
    private const int MaxDepth = 1000;
    private const int MaxRecurrences = 20;

    /// <summary>Firings that are done and still shown: enough to look at, little enough to hold for every job.</summary>
    private const int DoneKept = 2000;

    /// <summary>The source id under which a strike of a clock stands in the journal; its sequence number is the time in unix seconds.</summary>
    public const long ClockSource = EventSources.Clock;

    private readonly JobSpec spec;
    private readonly Dictionary<int, CallbackSpec> specs;
    private readonly Dictionary<(int Callback, string Item), (int Depth, int Times)> chains = [];
    private readonly Dictionary<(int Callback, int Pattern), long> strikes = [];
    private readonly Queue<long> done = new();
    private long lastOrder;

    public CallbackFold(JobSpec spec)
    {
        this.spec = spec;
        specs = spec.Callbacks.ToDictionary(callback => callback.Id);
        var labels = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        for (var index = 0; index + 1 < spec.GroupLabels.Length; index += 2)
        {
            labels[spec.GroupLabels[index]] = long.Parse(spec.GroupLabels[index + 1], System.Globalization.CultureInfo.InvariantCulture);
        }

        foreach (var callback in spec.Callbacks)
        {
            // Parsed at submission already: one that does not parse cannot have been accepted.
            if (TriggerParser.Parse(callback.Triggers, labels.Keys).Expression is { } expression)
            {
                Set.Add(callback.Id, expression, TargetOf(callback), callback.Max, callback.Language == "dependency", context => Resolve(context, labels));
            }
        }
    }

    public CallbackSet Set { get; } = new();

    public IReadOnlyDictionary<int, CallbackSpec> Specs => specs;

    /// <summary>Every firing that is not done, and the last <see cref="DoneKept"/> that are, in order.</summary>
    public SortedDictionary<long, FiringRecord> Firings { get; } = [];

    /// <summary>The firings of <see cref="Firings"/> by id.</summary>
    public Dictionary<string, long> FiringOrder { get; } = [];

    public HashSet<int> Suspended { get; } = [];

    /// <summary>The job ids whose logs are followed.</summary>
    public IEnumerable<long> JobSources => Set.Sources.Where(source => source > 0);

    /// <summary>True when an expression looks at several logs: their interleaving is not repeatable, so the write comes before the act (design §4 step 11).</summary>
    public bool ReadsSeveral(int callback) => Set.Patterns(callback) is var patterns
        && (patterns.Select(pattern => pattern.Source).Distinct().Count() > 1 || patterns.Any(pattern => pattern.Source == CallbackSet.AnySource || pattern.Pattern.Type == SubjectType.Host));

    /// <summary>What an entry of a source's log means to the callbacks, as matches in order.</summary>
    public IEnumerable<CallbackEvents.Match> MatchesOf(SourceLog source, long sequenceNr, object entry)
    {
        foreach (var unlatch in Unlatches(source, sequenceNr, entry))
        {
            yield return unlatch;
        }

        foreach (var match in OtherMatches(source, sequenceNr, entry))
        {
            yield return match;
        }

        var events = entry switch
        {
            JobEvents.Created created => Lifecycle.Of(created),
            JobEvents.Batch batch => Lifecycle.Of(batch),
            _ => [],
        };
        foreach (var e in events)
        {
            foreach (var match in Set.Match(TriggerEventOf(source, e)))
            {
                yield return Record(match, source.Source, sequenceNr, e.Ordinal, e.Depth);
            }
        }
    }

    /// <summary>What was true of a job before anyone listened, for the callbacks that count it (design §5).</summary>
    public List<CallbackEvents.Match> CatchupOf(SourceLog source, JobMessages.Source seen)
    {
        var matches = new List<CallbackEvents.Match>();
        var ordinal = 0;
        void Say(SubjectType type, Status status, NameSet extras)
        {
            foreach (var name in (string[])[status.Name(), "done"])
            {
                var e = new TriggerEvent(source.Source, type, name, extras);
                matches.AddRange(Set.Match(e).Where(match => specs[match.CallbackId].Catchup).Select(match => Record(match, source.Source, seen.LastSequenceNr, ordinal, 0)));
                ordinal++;
            }
        }

        foreach (var (pairs, status) in (ReadOnlySpan<(int[], Status)>)[(seen.CompleteItems, Status.Complete), (seen.FailedItems, Status.Failed), (seen.KilledItems, Status.Killed)])
        {
            if (pairs.Length > 0 && source.Agenda is not null)
            {
                Say(SubjectType.Work, status, NamesOf(source.Agenda, pairs));
            }
        }

        for (var index = 0; index + 1 < seen.InstanceStatuses.Length; index += 2)
        {
            Say(SubjectType.Subjob, (Status)seen.InstanceStatuses[index + 1], NameSet.Of(Text(seen.InstanceStatuses[index])));
        }

        if (seen.Status.IsTerminal())
        {
            Say(SubjectType.Job, seen.Status, NameSet.Empty);
        }

        return matches;
    }

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

        var cause = new EventCause(Text(match.Source), match.SequenceNr, match.Ordinal);
        foreach (var firing in Set.Apply(new PatternMatch(match.Callback, [.. match.Patterns], NamesOf(match)), cause))
        {
            var id = $"{spec.JobId}/{firing.CallbackId}/{match.Source}/{match.SequenceNr}/{match.Ordinal}{(firing.Current is null ? "" : "/" + firing.Current)}";
            if (FiringOrder.ContainsKey(id))
            {
                continue;
            }

            var record = new FiringRecord(id, specs[firing.CallbackId], firing, EventText(match, firing), match.Depth + 1, atMs);
            FiringOrder[id] = ++lastOrder;
            Firings[lastOrder] = record;
            fired.Add(record);
        }

        return fired;
    }

    /// <summary>True when this firing goes round in a circle: its callback is to be suspended.</summary>
    public bool IsRunaway(FiringRecord record)
    {
        var key = (record.Callback.Id, record.Firing.Current ?? "");
        var before = chains.GetValueOrDefault(key);
        var times = record.Depth > before.Depth && before.Depth > 0 ? before.Times + 1 : 1;
        chains[key] = (record.Depth, times);
        return times > MaxRecurrences || record.Depth > MaxDepth;
    }

    public void Suspend(int callback)
    {
        Suspended.Add(callback);
        Set.Remove(callback);
    }

    public void Finish(string firing, string outcome)
    {
        if (!FiringOrder.TryGetValue(firing, out var order) || Firings[order].Done)
        {
            return;
        }

        Firings[order].Done = true;
        Firings[order].Outcome = outcome;
        done.Enqueue(order);
        if (done.Count > DoneKept && Firings.Remove(done.Dequeue(), out var oldest))
        {
            FiringOrder.Remove(oldest.Id);
        }
    }

    /// <summary>The event that made it fire, the concrete item and job in place of wildcards: <c>complete-work-ribgen-5</c>.</summary>
    private string EventText(CallbackEvents.Match match, Firing firing)
    {
        var pattern = Set.Patterns(match.Callback)[match.Patterns[0]].Pattern;
        if (pattern.Context.Kind == ContextKind.Any && EventSources.IsJob(match.Source))
        {
            pattern = pattern with { Context = TriggerContext.ForJob(match.Source) };
        }

        return (pattern.IsWildcard && firing.Current is { } item ? pattern with { Extra = item } : pattern).ToString();
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ActsOn TargetOf(CallbackSpec callback) =>
        callback.TargetItem is not null ? ActsOn.Job : callback.Language is "qube" or "dependency" ? CallbackVerbs.TargetOf(callback.Code) : ActsOn.EachEvent;

    private long? Resolve(TriggerContext context, Dictionary<string, long> labels) => context.Kind switch
    {
        ContextKind.Self => spec.JobId.Value,
        ContextKind.Parent => spec.Pid > 1 ? spec.Pid : null,
        ContextKind.Label => labels.TryGetValue(context.Label, out var id) ? id : null,
        _ => null,
    };

    private static TriggerEvent TriggerEventOf(SourceLog source, LifecycleEvent e) => e.Subject switch
    {
        LifecycleSubject.Subjob => new TriggerEvent(source.Source, SubjectType.Subjob, e.Name, NameSet.Of(Text(e.Instance))),
        LifecycleSubject.Work => new TriggerEvent(source.Source, SubjectType.Work, e.Name, source.Agenda is null || e.Items is null ? NameSet.Empty : NamesOf(source.Agenda, e.Items)),
        _ => new TriggerEvent(source.Source, SubjectType.Job, e.Name, NameSet.Empty),
    };

    private static NameSet NamesOf(Agenda agenda, int[] pairs) =>
        pairs.Length == 2 && pairs[0] == pairs[1]
            ? NameSet.Of(agenda.NameOf(pairs[0]))
            : NameSet.Of(IntervalSet.FromPairs(pairs).Values().Where(seq => seq < agenda.Count).Select(agenda.NameOf));

    private static NameSet NamesOf(CallbackEvents.Match match) =>
        match.Names.Length == 1 && match.Intervals.Length == 0
            ? NameSet.Of(match.Names[0])
            : NameSet.FromParts(match.Intervals.Chunk(2).Select(pair => new NameInterval(pair[0], pair[1])), match.Names);

    private static CallbackEvents.Match Record(PatternMatch match, long source, long sequenceNr, int ordinal, int depth) => new()
    {
        Callback = match.CallbackId,
        Patterns = [.. match.Ordinals],
        Source = source,
        SequenceNr = sequenceNr,
        Ordinal = ordinal,
        Depth = depth,
        Names = [.. match.Names.Others],
        Intervals = [.. match.Names.Intervals.SelectMany(interval => (long[])[interval.First, interval.Last])],
    };

    /// <summary>A retry takes back what happened: what is remembered of it is forgotten (spec/callbacks.md Q4, Q28).</summary>
    private static IEnumerable<CallbackEvents.Match> Unlatches(SourceLog source, long sequenceNr, object entry)
    {
        if (entry is not JobEvents.Batch batch)
        {
            yield break;
        }

        for (var index = 0; index < batch.Transitions.Length; index++)
        {
            var t = batch.Transitions[index];
            var (type, names) = t.Kind switch
            {
                TransitionKind.JobStatus when ((Status)t.Attempt).IsTerminal() => (SubjectType.Job, NameSet.Empty),
                TransitionKind.InstanceStatus when ((Status)t.ExitCode).IsTerminal() => (SubjectType.Subjob, NameSet.Of(Text(t.Instance))),
                TransitionKind.AttemptsReset when t.Items is not null && source.Agenda is not null => (SubjectType.Work, NamesOf(source.Agenda, t.Items)),
                _ => (SubjectType.Global, NameSet.Empty),
            };
            if (type != SubjectType.Global)
            {
                yield return new CallbackEvents.Match
                {
                    Source = source.Source,
                    SequenceNr = sequenceNr,
                    Ordinal = -1 - index,
                    Unlatch = (int)type + 1,
                    Names = [.. names.Others],
                    Intervals = [.. names.Intervals.SelectMany(interval => (long[])[interval.First, interval.Last])],
                };
            }
        }
    }
}

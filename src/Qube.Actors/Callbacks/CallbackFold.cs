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
    /// <summary>The source id under which a strike of a clock stands in the journal; its sequence number is the time in unix seconds.</summary>
    public const long ClockSource = EventSources.Clock;

    private readonly JobSpec spec;
    private readonly Dictionary<int, CallbackSpec> specs;
    private readonly IReadOnlyCollection<string> labels;
    private readonly Dictionary<(int Callback, int Pattern), long> strikes = [];

    public CallbackFold(JobSpec spec)
    {
        this.spec = spec;
        specs = spec.Callbacks.ToDictionary(callback => callback.Id);
        var labels = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        this.labels = labels.Keys;
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

    /// <summary>What an entry from between the submission and the first look at its log means: to callbacks that count what is true already, all but what
    /// <see cref="CatchupOf"/> says.</summary>
    public IEnumerable<CallbackEvents.Match> MatchesSince(SourceLog source, LogEntry entry)
    {
        foreach (var match in MatchesOf(source, entry.SequenceNr, entry.Event))
        {
            if (match.Unlatch != 0 || !specs[match.Callback].Catchup)
            {
                yield return match;
                continue;
            }

            var patterns = Set.Patterns(match.Callback);
            int[] others = [.. match.Patterns.Where(ordinal => !IsOfState(patterns[ordinal].Pattern))];
            if (others.Length > 0)
            {
                yield return match with { Patterns = others };
            }
        }
    }

    private static bool IsOfState(EventPattern pattern) =>
        pattern.Type is SubjectType.Job or SubjectType.Subjob or SubjectType.Work && pattern.Name is "complete" or "failed" or "killed" or "done";

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

using Qube.Actors.Hosts;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <content>What entries of logs other than jobs' mean, and which logs are to be followed (DESIGN.md beside this file).</content>
internal sealed partial class CallbackFold
{
    /// <summary>Ordinals of the events of hosts that are read out of a job's log (<c>assigned-host-self-*</c>): beyond all of the job's own.</summary>
    private const int HostOrdinals = 1_000_000;

    /// <summary>Some callback listens to user-defined events that belong to no job.</summary>
    public bool FollowsFarm => Set.Interests(EventSources.Farm).Any(interest => interest.Type == SubjectType.Global);

    /// <summary>Some callback listens to every job: context <c>*</c>, for global callbacks alone.</summary>
    public bool FollowsEveryJob => Set.Interests(CallbackSet.AnySource).Any(interest => interest.Type is SubjectType.Job or SubjectType.Subjob or SubjectType.Work);

    /// <summary>Some callback listens to any host, whoever has instances there.</summary>
    public bool FollowsEveryHost => Set.Interests(CallbackSet.AnySource).Any(interest => interest is { Type: SubjectType.Host, Extra: EventPattern.AnyItem });

    /// <summary>Hosts that callbacks call by name.</summary>
    public IEnumerable<string> NamedHosts => Set.CallbackIds.SelectMany(Set.Patterns)
        .Where(state => state is { Pattern: { Type: SubjectType.Host, IsWildcard: false }, Source: not null })
        .Select(state => state.Pattern.Extra)
        .Distinct(StringComparer.Ordinal);

    /// <summary>Whether it matters on which hosts this job has instances.</summary>
    public bool AsksForHostsOf(long job) => Set.Interests(job).Any(interest => interest.Type == SubjectType.Host);

    /// <summary>Nothing will make this global callback fire again: it has fired as often as it may, or its only clocks have struck.</summary>
    public bool IsSpent(int callback) => Set.CallbackIds.Contains(callback)
        && (Set.IsExhausted(callback) || Set.Patterns(callback).All(state =>
            state.Pattern.Clock is { IntervalSeconds: null } && strikes.ContainsKey((callback, state.Ordinal))));

    /// <summary>The jobs whose logs are followed; what is said of hosts is known from theirs. Set by the owner of the logs.</summary>
    public Func<IEnumerable<SourceLog>> Followed { get; set; } = () => [];

    private IEnumerable<CallbackEvents.Match> OtherMatches(SourceLog source, long sequenceNr, object entry) => entry switch
    {
        FarmEvents.Raised raised => Set.Match(TriggerEvent.ForGlobal(raised.Name)).Select(match => Record(match, source.Source, sequenceNr, 0, raised.Depth)),
        JobEvents.Batch batch when source.Hosts is not null => OfAssignments(source, sequenceNr, batch),
        _ when source.Host.Length > 0 => OfHost(source, sequenceNr, entry),
        _ => [],
    };

    private IEnumerable<CallbackEvents.Match> OfHost(SourceLog source, long sequenceNr, object entry)
    {
        var host = NameSet.Of(source.Host);
        var depth = (entry as HostEvents.Raised)?.Depth ?? 0;
        foreach (var (name, ordinal) in HostLifecycle.Of(entry).Select((name, ordinal) => (name, ordinal)))
        {
            // One event, whatever it is to how many jobs: a callback that names it twice is met once, by both patterns.
            var met = new SortedDictionary<int, SortedSet<int>>();
            long[] roles = [source.Source, .. Followed().Where(job => job.Hosts?.Concerns(source.Host, name) == true).Select(job => job.Source)];
            foreach (var match in roles.SelectMany(role => Set.Match(new TriggerEvent(role, SubjectType.Host, name, host))))
            {
                (met.TryGetValue(match.CallbackId, out var patterns) ? patterns : met[match.CallbackId] = []).UnionWith(match.Ordinals);
            }

            foreach (var (callback, patterns) in met)
            {
                yield return Record(new PatternMatch(callback, [.. patterns], host), source.Source, sequenceNr, ordinal, depth);
            }
        }
    }

    /// <summary><c>assigned-host-self-r1</c>: the job's own log says it, the host's does not.</summary>
    private IEnumerable<CallbackEvents.Match> OfAssignments(SourceLog source, long sequenceNr, JobEvents.Batch batch)
    {
        for (var index = 0; index < batch.Transitions.Length; index++)
        {
            if (batch.Transitions[index] is { Kind: TransitionKind.InstanceStatus, Status: Status.Registering, Host: { } host } t)
            {
                foreach (var match in Set.Match(TriggerEvent.ForItem(source.Source, SubjectType.Host, "assigned", host)))
                {
                    yield return Record(match, source.Source, sequenceNr, HostOrdinals + index, t.Depth);
                }
            }
        }
    }
}

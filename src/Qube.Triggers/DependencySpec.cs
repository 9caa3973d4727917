using System.Collections.Immutable;

namespace Qube.Triggers;

/// <summary>A parsed `dependency` attribute: links of which all, or any, are needed. No links at all is no dependency.</summary>
public sealed record DependencySpec(bool IsAny, ImmutableArray<DependencyLink> Links)
{
    public bool Equals(DependencySpec? other) =>
        other is not null && IsAny == other.IsAny && Links.AsSpan().SequenceEqual(other.Links.AsSpan());

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(IsAny);
        foreach (var link in Links)
        {
            hash.Add(link);
        }

        return hash.ToHashCode();
    }

    /// <summary>
    /// The internal callbacks of callbacks.md §16.1: job links alone unblock the job; links by item or by instance unblock those, with the
    /// job links as gates (all) or as alternatives that open everything (any). Names that do not correspond (Q16) are the caller's affair.
    /// </summary>
    public IReadOnlyList<DependencyTrigger> Expand()
    {
        var jobs = PatternsOf(SubjectType.Job);
        var works = PatternsOf(SubjectType.Work);
        var instances = PatternsOf(SubjectType.Subjob);
        var triggers = new List<DependencyTrigger>();
        if (works.Length > 0)
        {
            triggers.Add(new(Combine([.. jobs, .. works]), "unblock-work-self"));
        }

        if (instances.Length > 0)
        {
            triggers.Add(new(Combine([.. jobs, .. instances]), "unblock-subjob-self"));
        }

        if (triggers.Count == 0 && jobs.Length > 0)
        {
            triggers.Add(new(Combine(jobs), "unblock-self"));
        }

        return triggers;
    }

    /// <summary>Canonical text, which parses to an equal value.</summary>
    public override string ToString() => string.Join(IsAny ? " || " : ",", Links);

    private ImmutableArray<TriggerExpression> PatternsOf(SubjectType type) =>
        [.. Links.Where(link => link.Type == type).Select(link => link.Pattern)];

    private TriggerExpression Combine(ImmutableArray<TriggerExpression> patterns) =>
        patterns.Length == 1 ? patterns[0] : IsAny ? new AnyOf(patterns) : new AllOf(patterns);
}

using System.Collections.Immutable;
using Qube.Contracts;

namespace Qube.Domain.Explaining;

/// <summary>What is known of a job, or of one item, that an explanation is made of: data only.</summary>
public sealed record ExplanationParts
{
    public required ExplainMessages.Subject Subject { get; init; }

    /// <summary>The item explained; empty is the whole job.</summary>
    public string Item { get; init; } = "";

    public ImmutableArray<ExplainMessages.TriggerView> Triggers { get; init; } = [];

    /// <summary>Of all that were asked for; those beyond <see cref="Triggers"/> are only counted.</summary>
    public int TriggerCount { get; init; }

    /// <summary>The labels with which the triggers were read.</summary>
    public IReadOnlyCollection<string> TriggerLabels { get; init; } = [];

    /// <summary>The labels that the process group has now.</summary>
    public IReadOnlyCollection<string> GroupLabels { get; init; } = [];

    /// <summary>The jobs that leaves listen to, as far as they were asked.</summary>
    public IReadOnlyDictionary<long, JobMessages.Source> Sources { get; init; } = ImmutableDictionary<long, JobMessages.Source>.Empty;

    /// <summary>Null where nothing is pending.</summary>
    public ExplainMessages.Lacks? Lacks { get; init; }

    /// <summary>How many leaves of one operator that are still missing are listed.</summary>
    public int MissingShown { get; init; } = 20;

    /// <summary>How many that have matched are listed; the rest are counted.</summary>
    public int MatchedShown { get; init; } = 3;
}

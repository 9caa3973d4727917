namespace Qube.Load;

/// <summary>A load scenario in NBomber's shape, whose package is not served: prepared once, warmed up, its steps taken in turn for so many
/// rounds, cleaned up whatever happened.</summary>
internal sealed record Scenario
{
    /// <summary>What <c>perf/Qube.Load</c> is asked for it by.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about, for the report.</summary>
    public required string Title { get; init; }

    public required Func<Task> Init { get; init; }

    public required Func<Task> WarmUp { get; init; }

    /// <summary>In order, once a round: references and what is measured against them take turns, so that a change of the machine's load
    /// meets both.</summary>
    public required IReadOnlyList<Step> Steps { get; init; }

    public required int Rounds { get; init; }

    /// <summary>What came of it; called after the last round and before <see cref="Clean"/>.</summary>
    public required Func<Task<IReadOnlyList<Figure>>> Judge { get; init; }

    public required Func<Task> Clean { get; init; }
}

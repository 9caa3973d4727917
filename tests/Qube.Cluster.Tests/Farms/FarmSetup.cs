namespace Qube.Cluster.Tests.Farms;

/// <summary>How a farm of a test is started.</summary>
internal sealed record FarmSetup
{
    public int Slots { get; init; } = 4;

    public string Host { get; init; } = "farmhost";

    /// <summary>More options of <c>qube up</c>.</summary>
    public string[] Options { get; init; } = [];

    /// <summary>The crash point armed in the first life, <c>name:n</c>; null for none.</summary>
    public string? CrashAt { get; init; }
}

namespace Qube.Contracts;

/// <summary>What one submitted agenda item, or a run of them, says beside its name: kept and given back unchanged.</summary>
public sealed record ItemOverride
{
    public int Seq { get; init; }

    /// <summary>The item's dictionary as submitted, in JSON, without its name.</summary>
    public string Json { get; init; } = "";

    /// <summary>How many items after <see cref="Seq"/> say the same.</summary>
    public int More { get; init; }
}

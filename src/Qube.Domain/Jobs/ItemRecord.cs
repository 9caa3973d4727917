using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>What is known of an item beyond its status, once it has been in hand or touched.</summary>
public record struct ItemRecord
{
    /// <summary>Number of the last hand-out; never used twice, so that a launcher can tell tries apart.</summary>
    public int Try { get; set; }

    /// <summary>Tries that count against the retry limit (Qube!'s <c>count</c>).</summary>
    public int Count { get; set; }

    /// <summary>The last instance it was handed to; -1 for none.</summary>
    public int Instance { get; set; }

    /// <summary>A process of it may be alive, at <see cref="Instance"/>.</summary>
    public bool InHand { get; set; }

    public string? Host { get; set; }

    public int ExitCode { get; set; }

    public long StartedMs { get; set; }

    public long EndedMs { get; set; }

    public long CumulativeMs { get; set; }

    /// <summary>An automatic retry waits until then.</summary>
    public long NotBeforeMs { get; set; }

    /// <summary>It was told that this try takes too long.</summary>
    public bool TimedOut { get; set; }

    /// <summary>Length of the causal chain that set it going (design §5, loop guard).</summary>
    public int Depth { get; set; }

    /// <summary>The <c>resultpackage</c> in JSON, or null.</summary>
    public string? Result { get; set; }

    /// <summary>Nothing of it differs from an item that nobody has touched.</summary>
    internal readonly bool IsBlank => this == new ItemRecord { Instance = -1 };
}

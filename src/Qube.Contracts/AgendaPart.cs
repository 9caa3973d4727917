namespace Qube.Contracts;

/// <summary>A stretch of an agenda in the form that is sent and stored.</summary>
public sealed record AgendaPart
{
    /// <summary>One item per number of First, First+Step … Last.</summary>
    public const int FramesKind = 1;

    /// <summary>One item per <see cref="ChunkSize"/> numbers of First, First+Step … Last; the last item may be shorter.</summary>
    public const int ChunksKind = 2;

    /// <summary>One item per entry of <see cref="Names"/>.</summary>
    public const int NamesKind = 3;

    /// <summary>One of the constants above.</summary>
    public int Kind { get; init; }

    public long First { get; init; }

    /// <summary>A member of the run, not merely its bound.</summary>
    public long Last { get; init; }

    /// <summary>Signed distance, never 0 for numbers.</summary>
    public long Step { get; init; }

    public int ChunkSize { get; init; }

    public string[] Names { get; init; } = [];
}

using Qube.Contracts;

namespace Qube.Domain.Ranges;

/// <summary>One part of an agenda with the position of its first item.</summary>
internal readonly struct AgendaStretch
{
    private AgendaStretch(RangeSegment segment, int chunkSize, string[]? names, int start)
    {
        Segment = segment;
        ChunkSize = chunkSize;
        Names = names;
        Start = start;
    }

    /// <summary>The numbers; meaningless when there are <see cref="Names"/>.</summary>
    public RangeSegment Segment { get; }

    /// <summary>Numbers per item: 1 for frames.</summary>
    public int ChunkSize { get; }

    public string[]? Names { get; }

    /// <summary>Position of the first item among all, before the agenda's order is applied.</summary>
    public int Start { get; }

    public long Count => Names?.Length ?? ((Segment.Count + ChunkSize - 1) / ChunkSize);

    public static AgendaStretch Frames(RangeSegment segment) => new(segment, 1, null, 0);

    public static AgendaStretch Chunks(RangeSegment segment, int size) => new(segment, size, null, 0);

    public static AgendaStretch Named(string[] names) => new(default, 1, names, 0);

    public AgendaStretch At(int start) => new(Segment, ChunkSize, Names, start);

    /// <summary>The numbers of the item at an index of this part.</summary>
    public RangeSegment ItemSegment(long index) =>
        Segment.Slice(index * ChunkSize, Math.Min(ChunkSize, Segment.Count - (index * ChunkSize)));

    public string ItemName(int index) => Names is not null ? Names[index] : ItemSegment(index).ToString();

    /// <summary>Finds the item that consists of exactly these numbers.</summary>
    public bool TryIndexOf(RangeSegment item, out int index)
    {
        index = 0;
        if (!Segment.TryIndexOf(item.First, out long position) || position % ChunkSize != 0)
        {
            return false;
        }

        index = (int)(position / ChunkSize);
        return ItemSegment(index) == item;
    }

    public AgendaPart ToPart() => Names is not null
        ? new AgendaPart { Kind = AgendaPart.NamesKind, Names = Names }
        : new AgendaPart
        {
            Kind = ChunkSize == 1 ? AgendaPart.FramesKind : AgendaPart.ChunksKind,
            First = Segment.First,
            Last = Segment.Last,
            Step = Segment.Step,
            ChunkSize = ChunkSize,
        };
}

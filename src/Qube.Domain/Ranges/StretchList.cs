namespace Qube.Domain.Ranges;

/// <summary>Collects the parts of an agenda; names that follow each other share one part.</summary>
internal sealed class StretchList
{
    private readonly List<AgendaStretch> _stretches = [];
    private readonly List<string> _names = [];

    public void Add(AgendaStretch stretch)
    {
        if (stretch.Names is not null)
        {
            _names.AddRange(stretch.Names);
            return;
        }

        Flush();
        _stretches.Add(stretch);
    }

    public void Add(RangeSegment segment)
    {
        if (segment.IsName)
        {
            _names.Add(segment.Name!);
            return;
        }

        Add(AgendaStretch.Frames(segment));
    }

    /// <summary>Takes up to <paramref name="times"/> items of <paramref name="size"/> frames each off a range.</summary>
    /// <remarks>Chunks inside one segment stay one part; a chunk that reaches over segments gets its text as a name.</remarks>
    public void Cut(RangeWalk walk, int size, long times)
    {
        while (times > 0 && !walk.AtEnd)
        {
            long whole = walk.InNumbers ? Math.Min(times, walk.LeftInSegment / size) : 0;
            if (whole > 0)
            {
                Add(ChunksOf(walk.Take(whole * size)[0], size));
                times -= whole;
                continue;
            }

            List<RangeSegment> item = walk.Take(size);
            times--;
            if (item is [{ IsName: false } alone])
            {
                Add(ChunksOf(alone, size));
            }
            else
            {
                _names.Add(FrameRange.Of(item).ToString());
            }
        }
    }

    public AgendaStretch[] ToArray()
    {
        Flush();
        return [.. _stretches];
    }

    private static AgendaStretch ChunksOf(RangeSegment segment, int size) =>
        size == 1 ? AgendaStretch.Frames(segment) : AgendaStretch.Chunks(segment, size);

    private void Flush()
    {
        if (_names.Count > 0)
        {
            _stretches.Add(AgendaStretch.Named([.. _names]));
            _names.Clear();
        }
    }
}

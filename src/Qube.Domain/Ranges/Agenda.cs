using Qube.Contracts;
using Qube.Domain.Syntax;

namespace Qube.Domain.Ranges;

/// <summary>
/// The items of a job in order: names by position (<c>seq</c>, from 0) and positions by name. Immutable; its size follows the number of
/// runs and names, so a million frames take less than a kilobyte (in binary order, 8 bytes an item once it is first asked).
/// </summary>
public sealed class Agenda
{
    private readonly AgendaStretch[] _stretches;
    private readonly AgendaIndex _index;
    private readonly Lazy<(int[] RawOfSeq, int[] SeqOfRaw)>? _binary;

    private Agenda(AgendaStretch[] stretches, AgendaIndex index, int count, AgendaOrder order)
    {
        _stretches = stretches;
        _index = index;
        Count = count;
        Order = order;
        if (order == AgendaOrder.Binary)
        {
            _binary = new(() =>
            {
                int[] rawOfSeq = BinaryOrder.Positions(count);
                int[] seqOfRaw = new int[count];
                for (int seq = 0; seq < count; seq++)
                {
                    seqOfRaw[rawOfSeq[seq]] = seq;
                }

                return (rawOfSeq, seqOfRaw);
            });
        }
    }

    /// <summary>The agenda of a job without items (<c>cmdline</c>).</summary>
    public static Agenda Empty { get; } = Build([], AgendaOrder.AsGiven).Required();

    public int Count { get; }

    public AgendaOrder Order { get; }

    /// <summary>One item per frame or name of the range (<c>genframes</c>).</summary>
    public static Parsed<Agenda> OfFrames(FrameRange range, AgendaOrder order = AgendaOrder.AsGiven)
    {
        ArgumentNullException.ThrowIfNull(range);
        var list = new StretchList();
        foreach (RangeSegment segment in range.Segments)
        {
            list.Add(segment);
        }

        return Build(list.ToArray(), order);
    }

    /// <summary>One item per <paramref name="size"/> frames, named like <c>1-5</c> (<c>genchunks</c>).</summary>
    public static Parsed<Agenda> OfChunks(int size, FrameRange range, AgendaOrder order = AgendaOrder.AsGiven)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (size < 1)
        {
            return new SyntaxError(1, $"a chunk size of {size}", "a chunk size of at least 1");
        }

        var list = new StretchList();
        list.Cut(new RangeWalk(range), size, long.MaxValue);
        return Build(list.ToArray(), order);
    }

    /// <summary>At most <paramref name="parts"/> items whose frame counts differ by at most one (<c>genpartitions</c>).</summary>
    public static Parsed<Agenda> OfPartitions(int parts, FrameRange range, AgendaOrder order = AgendaOrder.AsGiven)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (parts < 1)
        {
            return new SyntaxError(1, $"{parts} partitions", "at least 1 partition");
        }

        (long size, long longer) = Math.DivRem(range.Count, parts);
        var list = new StretchList();
        var walk = new RangeWalk(range);
        if (size + 1 > int.MaxValue)
        {
            return new SyntaxError(1, $"partitions of {size} frames", $"at most {int.MaxValue} frames each");
        }

        list.Cut(walk, (int)size + 1, longer);
        if (size > 0)
        {
            list.Cut(walk, (int)size, parts - longer);
        }

        return Build(list.ToArray(), order);
    }

    /// <summary>
    /// Items by name; successive numbers are held as runs. A name given twice or empty is an error whose column is the 1-based position in
    /// the list.
    /// </summary>
    public static Parsed<Agenda> OfNames(IEnumerable<string> names, AgendaOrder order = AgendaOrder.AsGiven)
    {
        ArgumentNullException.ThrowIfNull(names);
        var segments = new SegmentList();
        HashSet<string> seen = new(StringComparer.Ordinal);
        int position = 0;
        foreach (string name in names)
        {
            position++;
            if (string.IsNullOrEmpty(name))
            {
                return new SyntaxError(position, "an empty item name", "a name");
            }

            if (!seen.Add(name))
            {
                return new SyntaxError(position, $"item name '{name}' a second time", "names unique within the job");
            }

            segments.Add(RangeFunctions.SegmentOf(name));
        }

        var list = new StretchList();
        foreach (RangeSegment segment in segments.ToArray())
        {
            list.Add(segment);
        }

        return Build(list.ToArray(), order);
    }

    /// <summary>One agenda behind another. A name that is in two of them is an error naming it.</summary>
    public static Parsed<Agenda> Concat(params IEnumerable<Agenda> agendas)
    {
        ArgumentNullException.ThrowIfNull(agendas);
        var list = new StretchList();
        foreach (Agenda agenda in agendas)
        {
            AgendaStretch[] stretches = agenda.Order == AgendaOrder.AsGiven
                ? agenda._stretches
                : OfNames(agenda.Names()).Required()._stretches;
            foreach (AgendaStretch stretch in stretches)
            {
                list.Add(stretch);
            }
        }

        return Build(list.ToArray(), AgendaOrder.AsGiven);
    }

    /// <summary>Reads the stored form. It may come from a client, so whatever is wrong with it is an error and not an exception.</summary>
    public static Parsed<Agenda> FromSpec(AgendaSpec? spec)
    {
        var list = new StretchList();
        AgendaPart[] parts = spec?.Parts ?? [];
        for (int at = 0; at < parts.Length; at++)
        {
            if (ReadPart(parts[at], list) is { } expected)
            {
                return new SyntaxError(at + 1, $"agenda part {at + 1}", expected);
            }
        }

        int order = spec?.Order ?? AgendaSpec.AsGivenOrder;
        return Enum.IsDefined((AgendaOrder)order)
            ? Build(list.ToArray(), (AgendaOrder)order)
            : new SyntaxError(1, $"agenda order {order}", "0, 1 or 2");
    }

    public AgendaSpec ToSpec() => new()
    {
        Parts = Array.ConvertAll(_stretches, static stretch => stretch.ToPart()),
        Order = (int)Order,
    };

    /// <summary>The name of the item at a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public string NameOf(int seq)
    {
        AgendaStretch stretch = Locate(seq, out int index);
        return stretch.ItemName(index);
    }

    /// <summary>The position of a name. <c>005</c> finds frame 5, and <c>5</c> an item called 005, unless an item has just that name.</summary>
    public bool TryGetSeq(string name, out int seq)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_index.TryFind(name, out int raw))
        {
            seq = -1;
            return false;
        }

        seq = SeqOfRaw(raw);
        return true;
    }

    /// <summary>The frames an item stands for: one, or those of its chunk. False for an item whose name is no range.</summary>
    /// <param name="seq">The item's position.</param>
    /// <param name="first">First frame as the range is written, the greater one in a descending chunk.</param>
    /// <param name="last">Last frame.</param>
    /// <param name="step">Distance, at least 1; 1 for a single frame and for an item of several runs (<c>1-3,10-11</c>).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public bool TryFrames(int seq, out long first, out long last, out long step)
    {
        AgendaStretch stretch = Locate(seq, out int index);
        if (stretch.Names is null)
        {
            RangeSegment segment = stretch.ItemSegment(index);
            (first, last, step) = (segment.First, segment.Last, Math.Abs(segment.Step));
            return true;
        }

        return ItemFrames.TryRead(stretch.Names[index], out first, out last, out step);
    }

    /// <summary>Every name in order.</summary>
    public IEnumerable<string> Names()
    {
        for (int seq = 0; seq < Count; seq++)
        {
            yield return NameOf(seq);
        }
    }

    /// <summary>
    /// The positions a selector of the command line names (<c>250:25-29</c>): the item of just that name, else those of its items that
    /// exist, read as a range. Empty when nothing fits.
    /// </summary>
    public IntervalSet Select(string selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        var seqs = new IntervalSet();
        if (TryGetSeq(selector, out int exact))
        {
            seqs.Add(exact);
        }
        else if (FrameRange.Parse(selector) is { IsOk: true } range)
        {
            foreach (RangeSegment segment in range.Value!.Segments)
            {
                SelectSegment(segment, seqs);
            }
        }

        return seqs;
    }

    private static string? ReadPart(AgendaPart? part, StretchList list)
    {
        const long Limit = 1_000_000_000_000_000;
        switch (part?.Kind)
        {
            case AgendaPart.NamesKind:
                if (part.Names is null || Array.Exists(part.Names, string.IsNullOrEmpty))
                {
                    return "names that are not empty";
                }

                // Each through the same door as names of a submission, so that a run of numbers is one.
                foreach (string name in part.Names)
                {
                    list.Add(RangeFunctions.SegmentOf(name));
                }

                return null;
            case AgendaPart.FramesKind or AgendaPart.ChunksKind:
                bool sound = Math.Abs(part.First) < Limit && Math.Abs(part.Last) < Limit && part.Step is not 0 and > -Limit and < Limit
                    && (part.First == part.Last || part.Last > part.First == part.Step > 0);
                if (!sound)
                {
                    return "numbers of at most 15 digits and a step towards the last";
                }

                if (part.Kind == AgendaPart.ChunksKind && part.ChunkSize < 1)
                {
                    return "a chunk size of at least 1";
                }

                RangeSegment segment = RangeSegment.Between(part.First, part.Last, Math.Abs(part.Step));
                list.Add(part.Kind == AgendaPart.FramesKind ? AgendaStretch.Frames(segment) : AgendaStretch.Chunks(segment, part.ChunkSize));
                return null;
            default:
                return "a kind of 1, 2 or 3";
        }
    }

    private static Parsed<Agenda> Build(AgendaStretch[] stretches, AgendaOrder order)
    {
        long count = 0;
        for (int at = 0; at < stretches.Length; at++)
        {
            stretches[at] = stretches[at].At((int)count);
            count += stretches[at].Count;
            if (count > int.MaxValue)
            {
                return new SyntaxError(1, $"{count} items", $"at most {int.MaxValue}");
            }
        }

        AgendaIndex? index = AgendaIndex.TryBuild(stretches, out string? duplicate);
        return index is null
            ? new SyntaxError(1, $"item name '{duplicate}' a second time", "names unique within the job")
            : new Agenda(stretches, index, (int)count, order);
    }

    private AgendaStretch Locate(int seq, out int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seq);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(seq, Count);
        int raw = Order switch
        {
            AgendaOrder.Reverse => Count - 1 - seq,
            AgendaOrder.Binary => _binary!.Value.RawOfSeq[seq],
            _ => seq,
        };
        (int low, int high) = (0, _stretches.Length);
        while (low < high)
        {
            int middle = (low + high) >> 1;
            (low, high) = _stretches[middle].Start <= raw ? (middle + 1, high) : (low, middle);
        }

        index = raw - _stretches[low - 1].Start;
        return _stretches[low - 1];
    }

    private int SeqOfRaw(int raw) => Order switch
    {
        AgendaOrder.Reverse => Count - 1 - raw,
        AgendaOrder.Binary => _binary!.Value.SeqOfRaw[raw],
        _ => raw,
    };

    private void SelectSegment(RangeSegment selected, IntervalSet seqs)
    {
        if (selected.IsName)
        {
            if (TryGetSeq(selected.Name!, out int seq))
            {
                seqs.Add(seq);
            }

            return;
        }

        foreach (AgendaStretch stretch in _stretches)
        {
            if (stretch.Names is not null || stretch.ChunkSize > 1
                || !SegmentDifference.TryOverlap(stretch.Segment, selected, out long first, out long last, out long distance))
            {
                continue;
            }

            for (long at = first; at <= last; at += distance)
            {
                seqs.Add(SeqOfRaw(stretch.Start + (int)at));
            }
        }
    }
}

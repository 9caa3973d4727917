using FsCheck;
using FsCheck.Xunit;
using Qube.Contracts;
using Qube.Domain.Ranges;
using Xunit;

namespace Qube.Domain.Tests.Ranges;

public sealed class AgendaTests
{
    private static FrameRange Range(string text) => FrameRange.Parse(text).Required();

    [Fact]
    public void Should_stay_small_when_it_has_a_million_frames()
    {
        Range("1-10").ToString();
        _ = Agenda.OfFrames(Range("1-10")).Required();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Agenda agenda = Agenda.OfFrames(Range("1-1000000")).Required();
        long allocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(1_000_000, agenda.Count);
        Assert.Equal("999999", agenda.NameOf(999_998));
        Assert.True(agenda.TryGetSeq("500000", out int seq));
        Assert.Equal(499_999, seq);
        Assert.Single(agenda.ToSpec().Parts);

        // Allocated, waste included: what is kept is less.
        Assert.InRange(allocatedBytes, 1, 2_000);
    }

    [Fact]
    public void Should_keep_runs_when_names_are_successive_numbers()
    {
        Agenda agenda = Agenda.OfNames(Enumerable.Range(1, 50_000).Select(frame => $"{frame}").Append("wrap up")).Required();

        Assert.Equal(2, agenda.ToSpec().Parts.Length);
        Assert.Equal("wrap up", agenda.NameOf(50_000));
    }

    [Theory]
    [InlineData("5", 4)]
    [InlineData("005", 4)]
    [InlineData("007", 10)]
    [InlineData("7", 6)]
    [InlineData("ls", 11)]
    [InlineData("0012", 12)]
    [InlineData("12", 12)]
    [InlineData("13", -1)]
    [InlineData("LS", -1)]
    [InlineData("1-3", -1)]
    [InlineData("", -1)]
    public void Should_find_by_exact_name_first_and_then_by_number(string name, int expected)
    {
        string[] names = [.. Enumerable.Range(1, 10).Select(frame => $"{frame}"), "007", "ls", "012"];
        Agenda agenda = Agenda.OfNames(names).Required();

        Assert.Equal(expected >= 0, agenda.TryGetSeq(name, out int seq));
        Assert.Equal(expected, seq);
    }

    [Fact]
    public void Should_tell_the_frames_of_an_item_when_its_name_is_a_range()
    {
        Agenda chunks = Agenda.OfChunks(4, Range("1-10x2,100-90")).Required();
        Agenda named = Agenda.OfNames(["101-108", "ls", "7"]).Required();

        Assert.Equal(["1-7x2", "9,100-98", "97-94", "93-90"], chunks.Names());
        Assert.Equal((true, 1L, 7L, 2L), Frames(chunks, 0));
        Assert.Equal((true, 9L, 98L, 1L), Frames(chunks, 1));
        Assert.Equal((true, 97L, 94L, 1L), Frames(chunks, 2));
        Assert.Equal((true, 101L, 108L, 1L), Frames(named, 0));
        Assert.False(Frames(named, 1).Known);
        Assert.Equal((true, 7L, 7L, 1L), Frames(named, 2));
    }

    [Fact]
    public void Should_name_the_item_when_a_name_is_given_twice()
    {
        Assert.Contains("'5'", Agenda.OfNames(["1", "5", "ls", "5"]).Error!.Found);
        Assert.Equal(4, Agenda.OfNames(["1", "5", "ls", "5"]).Error!.Column);
        Assert.Contains("'1-5'", Agenda.Concat(Agenda.OfNames(["1-5"]).Required(), Agenda.OfChunks(5, Range("1-20")).Required()).Error!.Found);
        Assert.Contains("'7'", Agenda.Concat(Agenda.OfFrames(Range("1-7x2")).Required(), Agenda.OfFrames(Range("7-9")).Required()).Error!.Found);
        Assert.Contains("'11'", Agenda.Concat(Agenda.OfFrames(Range("11")).Required(), Agenda.OfChunks(5, Range("1-11")).Required()).Error!.Found);
        Assert.True(Agenda.Concat(Agenda.OfFrames(Range("1-7x2")).Required(), Agenda.OfFrames(Range("2-8x2")).Required()).IsOk);
        Assert.True(Agenda.Concat(Agenda.OfFrames(Range("1-10")).Required(), Agenda.OfChunks(5, Range("1-10")).Required()).IsOk);
    }

    [Theory]
    [InlineData("3-5", "3 4 5")]
    [InlineData("8-20", "8 9 10")]
    [InlineData("2,ls,nothing", "2 ls")]
    [InlineData("11-12", "11-12")]
    [InlineData("-", "")]
    public void Should_select_existing_items_when_given_a_name_or_a_range(string selector, string expected)
    {
        Agenda agenda = Agenda.OfNames([.. Enumerable.Range(1, 10).Select(frame => $"{frame}"), "ls", "11-12"]).Required();

        Assert.Equal(expected, string.Join(' ', agenda.Select(selector).Values().Select(agenda.NameOf)));
    }

    [Fact]
    public void Should_refuse_a_stored_form_when_its_numbers_make_no_sense()
    {
        AgendaPart good = new() { Kind = AgendaPart.FramesKind, First = 1, Last = 9, Step = 1 };

        Assert.True(Agenda.FromSpec(new AgendaSpec { Parts = [good] }).IsOk);
        Assert.True(Agenda.FromSpec(null).IsOk);
        Assert.False(Agenda.FromSpec(new AgendaSpec { Parts = [good with { Step = 0 }] }).IsOk);
        Assert.False(Agenda.FromSpec(new AgendaSpec { Parts = [good with { Step = -1 }] }).IsOk);
        Assert.False(Agenda.FromSpec(new AgendaSpec { Parts = [good with { Last = long.MaxValue }] }).IsOk);
        Assert.False(Agenda.FromSpec(new AgendaSpec { Parts = [good with { Kind = AgendaPart.ChunksKind }] }).IsOk);
        Assert.False(Agenda.FromSpec(new AgendaSpec { Parts = [good with { Kind = 9 }] }).IsOk);
        Assert.False(Agenda.FromSpec(new AgendaSpec { Parts = [good, good] }).IsOk);
        Assert.False(Agenda.FromSpec(new AgendaSpec { Parts = [good with { Last = 3_000_000_000 }] }).IsOk);
        Assert.False(Agenda.FromSpec(new AgendaSpec { Order = 7 }).IsOk);
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_agree_with_the_range_functions_when_built_from_a_range(RangeText text, PositiveInt number, AgendaOrder order)
    {
        FrameRange range = Range(text.Text);

        Check(Agenda.OfFrames(range, order).Required(), InOrder(order, RangeFunctions.Split(range)));
        Check(Agenda.OfChunks(number.Get, range, order).Required(), InOrder(order, RangeFunctions.Chunk(number.Get, range)));
        Check(Agenda.OfPartitions(number.Get, range, order).Required(), InOrder(order, RangeFunctions.Partition(number.Get, range)));
        Check(Agenda.OfNames(RangeFunctions.Split(range), order).Required(), InOrder(order, RangeFunctions.Split(range)));
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_stand_behind_each_other_when_concatenated(RangeText text, AgendaOrder order)
    {
        Agenda frames = Agenda.OfFrames(Range(text.Text), order).Required();
        Agenda tail = Agenda.OfNames(["before end", "end"]).Required();

        Check(Agenda.Concat(frames, tail).Required(), [.. frames.Names(), .. tail.Names()]);
    }

    private static void Check(Agenda agenda, IReadOnlyList<string> expected)
    {
        Assert.Equal(expected, agenda.Names());
        Assert.Equal(expected.Count, agenda.Count);
        for (int seq = 0; seq < expected.Count; seq++)
        {
            Assert.True(agenda.TryGetSeq(expected[seq], out int found), $"'{expected[seq]}' is not found");
            Assert.Equal(seq, found);
        }

        Assert.Equal(expected, Agenda.FromSpec(agenda.ToSpec()).Required().Names());
    }

    private static IReadOnlyList<string> InOrder(AgendaOrder order, IReadOnlyList<string> names) => order switch
    {
        AgendaOrder.Reverse => [.. names.Reverse()],
        AgendaOrder.Binary => BinaryOrder.Sort(names),
        _ => names,
    };

    private static (bool Known, long First, long Last, long Step) Frames(Agenda agenda, int seq) =>
        (agenda.TryFrames(seq, out long first, out long last, out long step), first, last, step);
}

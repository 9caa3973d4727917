using FsCheck;
using FsCheck.Xunit;
using Qube.Domain.Ranges;
using Xunit;

namespace Qube.Domain.Tests.Ranges;

public sealed class RangeFunctionsTests
{
    private static FrameRange Range(string text) => FrameRange.Parse(text).Required();

    [Fact]
    public void Should_give_the_documented_results_when_given_the_documented_arguments()
    {
        Assert.Equal(["1-5", "6-10"], RangeFunctions.Chunk(5, Range("1-10")));
        Assert.Equal("1-5x2", RangeFunctions.Join(["1", "3", "5"]));
        Assert.Equal(["1-4", "5-7", "8-10"], RangeFunctions.Partition(3, Range("1-10")));
    }

    [Theory]
    [InlineData("1-20", 10)]
    [InlineData("1-200", 100)]
    public void Should_take_first_last_and_middle_first_when_in_binary_order(string range, int middle)
    {
        FrameRange frames = Range(range);

        Assert.Equal(["1", $"{frames.Count}", $"{middle}"], RangeFunctions.Split(frames, binarySort: true).Take(3));
    }

    [Theory]
    [InlineData(RangeOrder.Ascend, "1 2 3 5 ls")]
    [InlineData(RangeOrder.Descend, "ls 5 3 2 1")]
    [InlineData(RangeOrder.Reverse, "2 1 ls 5 3")]
    [InlineData(RangeOrder.Binary, "1 ls 3 2 5")]
    [InlineData(RangeOrder.RawBinary, "3 2 ls 5 1")]
    public void Should_order_when_asked_for_a_mode(RangeOrder order, string expected)
    {
        Assert.Equal(expected, string.Join(' ', RangeFunctions.Order(order, Range("3,5,ls,1,2"))));
    }

    [Theory]
    [InlineData("1,2,4,6,8", "1-2,4-8x2")]
    [InlineData("3,2,1", "3-1")]
    [InlineData("1,5", "1,5")]
    [InlineData("01,2,3", "01,2-3")]
    public void Should_join_into_few_runs_when_frames_follow_each_other(string names, string expected)
    {
        Assert.Equal(expected, RangeFunctions.Join(names.Split(',')));
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_restore_the_frames_when_split_and_joined(RangeText text)
    {
        IReadOnlyList<string> frames = RangeFunctions.Split(Range(text.Text));

        Assert.Equal(frames, RangeFunctions.Split(Range(RangeFunctions.Join(frames))));
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_cover_the_range_in_order_when_chunked(RangeText text, PositiveInt size)
    {
        FrameRange range = Range(text.Text);
        IReadOnlyList<string> chunks = RangeFunctions.Chunk(size.Get, range);

        Assert.Equal(range.Names(), chunks.SelectMany(chunk => Range(chunk).Names()));
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(size.Get, Range(chunk).Count));
        Assert.InRange(Range(chunks[^1]).Count, 1, size.Get);
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_differ_by_one_frame_at_most_when_partitioned(RangeText text, PositiveInt parts)
    {
        FrameRange range = Range(text.Text);
        IReadOnlyList<string> partitions = RangeFunctions.Partition(parts.Get, range);
        long[] sizes = [.. partitions.Select(partition => Range(partition).Count)];

        Assert.Equal(range.Names(), partitions.SelectMany(partition => Range(partition).Names()));
        Assert.Equal(Math.Min(parts.Get, range.Count), partitions.Count);
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
    }

    [Property]
    public void Should_hold_every_position_once_when_in_binary_order(NonNegativeInt count)
    {
        Assert.Equal(Enumerable.Range(0, count.Get), BinaryOrder.Positions(count.Get).Order());
    }
}

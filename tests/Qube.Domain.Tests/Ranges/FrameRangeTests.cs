using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Qube.Domain.Ranges;
using Qube.Domain.Syntax;
using Xunit;

namespace Qube.Domain.Tests.Ranges;

public sealed class FrameRangeTests
{
    [Theory]
    [InlineData("1", "1")]
    [InlineData("1-5", "1 2 3 4 5")]
    [InlineData("1,3,5", "1 3 5")]
    [InlineData("1-5,7", "1 2 3 4 5 7")]
    [InlineData("1-10x3", "1 4 7 10")]
    [InlineData("0-60x10", "0 10 20 30 40 50 60")]
    [InlineData("1-100x10", "1 11 21 31 41 51 61 71 81 91")]
    [InlineData("-100", "-100")]
    [InlineData("-3-2", "-3 -2 -1 0 1 2")]
    [InlineData("-10--1x2", "-10 -8 -6 -4 -2")]
    [InlineData("2--2", "2 1 0 -1 -2")]
    [InlineData("10-1x4", "10 6 2")]
    [InlineData("-4-3x4,1,3,4,12", "-4 0 1 3 4 12")]
    [InlineData("001-003", "1 2 3")]
    [InlineData(" 1 , 5-6 ", "1 5 6")]
    [InlineData("3,1-4,3", "3 1 2 4")]
    [InlineData("1-9x2,1-9", "1 3 5 7 9 2 4 6 8")]
    [InlineData("1-9x3,1-9,ls,ls", "1 4 7 2 3 5 6 8 9 ls")]
    public void Should_list_frames_in_order_when_the_range_is_good(string text, string expected)
    {
        FrameRange range = FrameRange.Parse(text).Required();

        Assert.Equal(expected, string.Join(' ', range.Names()));
        Assert.Equal(expected.Split(' ').Length, range.Count);
    }

    [Fact]
    public void Should_keep_literal_names_when_parts_are_text()
    {
        Assert.Equal(["ls", "set", "echo HI"], FrameRange.Parse("ls,set,echo HI").Required().Names());
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("  ", 1)]
    [InlineData("1-", 3)]
    [InlineData("-", 2)]
    [InlineData("5-1x0", 5)]
    [InlineData("1-5x", 5)]
    [InlineData("1-5x-2", 5)]
    [InlineData("1-5y2", 4)]
    [InlineData("1,,3", 3)]
    [InlineData("1,", 3)]
    [InlineData("1--", 4)]
    [InlineData("1-2-3", 4)]
    [InlineData("1 - 5", 2)]
    [InlineData("2nd", 2)]
    [InlineData("1,5x2", 4)]
    [InlineData("1-9999999999999999", 3)]
    public void Should_name_the_column_when_a_part_begins_like_a_number_but_is_none(string text, int column)
    {
        Parsed<FrameRange> parsed = FrameRange.Parse(text);

        Assert.False(parsed.IsOk);
        Assert.Equal(column, parsed.Error.Column);
        Assert.NotEmpty(parsed.Error.Found);
        Assert.NotEmpty(parsed.Error.Expected);
    }

    [Fact]
    public void Should_stay_one_segment_when_the_range_is_huge()
    {
        Assert.Single(FrameRange.Parse("1-1000000").Required().Segments);
        Assert.Equal(2, FrameRange.Parse("1-999999x2,1-1000000").Required().Segments.Length);
    }

    [Fact]
    public void Should_refuse_when_overlaps_would_need_too_many_segments()
    {
        Assert.False(FrameRange.Parse("1-900000000x3,1-900000000").IsOk);
    }

    [Fact]
    public void Should_never_throw_when_given_any_text()
    {
        Gen<char> letters = Gen.Elements("0123456789-x, al".ToCharArray());
        Gen<string> texts = Gen.Select(Gen.ArrayOf(letters), static characters => new string(characters));

        Prop.ForAll(texts.ToArbitrary(), static text => FrameRange.Parse(text) is var parsed && parsed.IsOk == (parsed.Error is null))
            .QuickCheckThrowOnFailure();
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_equal_the_naive_expansion_when_segments_overlap(RangeText text)
    {
        Assert.Equal(text.Expand().Distinct(), FrameRange.Parse(text.Text).Required().Names());
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_keep_duplicates_when_asked_to(RangeText text)
    {
        Assert.Equal(text.Expand(), FrameRange.Parse(text.Text, removeDuplicates: false).Required().Names());
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_give_the_same_frames_when_printed_and_parsed_again(RangeText text)
    {
        FrameRange range = FrameRange.Parse(text.Text).Required();

        Assert.Equal(range.Names(), FrameRange.Parse(range.ToString()).Required().Names());
    }

    [Property(Arbitrary = [typeof(RangeTexts)])]
    public void Should_slice_like_a_list_when_cut_anywhere(RangeText text, byte start, byte count)
    {
        FrameRange range = FrameRange.Parse(text.Text).Required();

        Assert.Equal(range.Names().Skip(start).Take(count), range.Slice(start, count).Names());
        Assert.Equal(range.Names().Reverse(), range.Reverse().Names());
    }
}

using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Qube.Domain.Packing;
using Xunit;

namespace Qube.Domain.Tests.Packing;

public sealed class PackedDataTests
{
    [Theory]
    [InlineData("""(=(cmdline=sleep "1000"))""", "cmdline", "sleep \"1000\"")]
    [InlineData("(=(a=1)(b=x=y))", "b", "x=y")]
    [InlineData(@"(=(a=echo \(hi\)))", "a", "echo (hi)")]
    [InlineData(@"(=(a=\\server\share))", "a", @"\\server\share")]
    [InlineData(@"(=(a=C:\dir\\))", "a", @"C:\dir\")]
    [InlineData(@"(=(a\=b=c))", "a=b", "c")]
    [InlineData("(=(a=)(b=2))", "a", "")]
    [InlineData("(= (a=1) (b= 2 ) )", "b", " 2 ")]
    [InlineData("(=(a=1)(a=2))", "a", "2")]
    [InlineData("(=(env=(=(PATH=/bin)(X=1)))(b=2))", "env", "(=(PATH=/bin)(X=1))")]
    public void Should_find_the_value_when_the_text_is_good(string text, string key, string expected)
    {
        PackedData data = PackedData.Parse(text).Required();

        Assert.True(data.TryGetValue(key, out PackedValue value));
        Assert.Equal(expected, value.Text);
        Assert.Equal(expected, data.ToTexts()[key]);
    }

    [Fact]
    public void Should_keep_levels_apart_when_nested()
    {
        PackedData data = PackedData.Parse("(=(env=(=(PATH=/bin)))(x=(=)))").Required();

        Assert.True(data.TryGetValue("env", out PackedValue environment));
        Assert.True(environment.Nested!.TryGetValue("PATH", out PackedValue path));
        Assert.Equal("/bin", path.Text);
        Assert.True(data.TryGetValue("x", out PackedValue empty));
        Assert.Empty(empty.Nested!.Entries);
        Assert.False(data.TryGetValue("PATH", out _));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("(", 2)]
    [InlineData("cmdline", 1)]
    [InlineData("(a=1)", 2)]
    [InlineData("(=(a=1)", 8)]
    [InlineData("(=(a=1", 7)]
    [InlineData("(=(a))", 5)]
    [InlineData("(=a=1)", 3)]
    [InlineData("(=(a=echo (hi)))", 11)]
    [InlineData("(=(a=1)) more", 10)]
    public void Should_name_the_column_when_the_text_is_wrong(string text, int column)
    {
        Assert.Equal(column, PackedData.Parse(text).Error?.Column);
    }

    [Fact]
    public void Should_refuse_when_nested_beyond_reason()
    {
        string open = string.Concat(Enumerable.Repeat("(=(a=", 100_000));

        Assert.False(PackedData.Parse(open).IsOk);
    }

    [Property(Arbitrary = [typeof(Data)], MaxTest = 500)]
    public void Should_come_back_the_same_when_printed_and_parsed(PackedData data)
    {
        Assert.Equal(data, PackedData.Parse(data.ToString()).Required());
    }

    public static class Data
    {
        public static Arbitrary<PackedData> All() => OfDepth(3).ToArbitrary();

        private static Gen<PackedData> OfDepth(int depth)
        {
            Gen<string> texts = Gen.ArrayOf(Gen.Elements(@"ab()\= """.ToCharArray())).Select(static letters => new string(letters));
            Gen<PackedValue> values = texts.Select(static text => new PackedValue(text));
            if (depth > 0)
            {
                values = Gen.Frequency((3, values), (1, OfDepth(depth - 1).Select(static nested => new PackedValue(nested))));
            }

            Gen<KeyValuePair<string, PackedValue>> entries =
                from key in texts
                from value in values
                select KeyValuePair.Create(key, value);
            return Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(entries, count)).Select(static list => new PackedData(list));
        }
    }
}

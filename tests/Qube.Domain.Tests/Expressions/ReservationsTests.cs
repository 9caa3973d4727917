using Qube.Domain.Expressions;
using Xunit;

namespace Qube.Domain.Tests.Expressions;

public sealed class ReservationsTests
{
    [Theory]
    [InlineData("", "host.processors=1")]
    [InlineData("host.processors=2", "host.processors=2")]
    [InlineData("host.processors=2+", "host.processors=2+")]
    [InlineData("host.processors=2*", "host.processors=2*")]
    [InlineData("host.processors=all", "host.processors=1*")]
    [InlineData("host.processors=2-4", "host.processors=2-4")]
    [InlineData("host.processors=3-3", "host.processors=3")]
    [InlineData("license.maya=1", "host.processors=1,license.maya=1")]
    [InlineData(" host.memory = 512 , host.processors=1", "host.memory=512,host.processors=1")]
    [InlineData("scoped.x=1,global_host.y=2,host.processors=0", "scoped.x=1,global_host.y=2,host.processors=0")]
    public void Should_read_every_form_of_quantity(string text, string expected)
    {
        Assert.Equal(expected, Reservations.Parse(text).Required().ToString());
    }

    [Theory]
    [InlineData("host.processors", 1, "'host.processors'")]
    [InlineData("host.processors=1,memory=2", 19, "'memory=2'")]
    [InlineData("host.processors=x", 1, "'host.processors=x'")]
    [InlineData("host.processors=4-2", 1, "'host.processors=4-2'")]
    [InlineData("host.processors=-1", 1, "'host.processors=-1'")]
    [InlineData("host.processors=1-2-3", 1, "'host.processors=1-2-3'")]
    [InlineData("host.processors=1,host.processors=2", 19, "'host.processors=2'")]
    [InlineData("foo.x=1", 1, "'foo.x=1'")]
    [InlineData("host.=1", 1, "'host.=1'")]
    [InlineData("host.processors=1,", 19, "end of text")]
    public void Should_name_the_part_when_it_is_wrong(string text, int column, string found)
    {
        Assert.Equal((column, found), (Reservations.Parse(text).Error!.Column, Reservations.Parse(text).Error!.Found));
    }

    [Theory]
    [InlineData("host.processors=2", 3, 5, 2)]
    [InlineData("host.processors=2", 1, 0, null)]
    [InlineData("host.processors=2+", 3, 5, 3)]
    [InlineData("host.processors=2+", 1, 5, null)]
    [InlineData("host.processors=2*", 8, 0, 8)]
    [InlineData("host.processors=2*", 7, 1, null)]
    [InlineData("host.processors=2-4", 3, 1, 3)]
    [InlineData("host.processors=2-4", 8, 1, 4)]
    public void Should_take_what_the_quantity_says_when_so_much_is_free(string text, int free, int used, int? expected)
    {
        Assert.Equal(expected, Reservations.Parse(text).Required().Slots.AmountOf(free, used));
    }
}

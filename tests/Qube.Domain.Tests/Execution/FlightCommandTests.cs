using Qube.Domain.Execution;
using Xunit;

namespace Qube.Domain.Tests.Execution;

public class FlightCommandTests
{
    private static PathMap Map { get; } = PathMap.Parse("/vol = /mnt").Required();

    [Fact]
    public void Should_take_paths_between_commas_and_translate_them_when_a_job_names_checks() =>
        Assert.Equal(["/mnt/a", "/b c"], FlightCommand.Paths(" /vol/a,, /b c ", Map));

    [Fact]
    public void Should_pass_everything_as_arguments_when_a_command_has_checks()
    {
        var arguments = FlightCommand.OfItem("/log/1_0.flt", "1.2.0.1", ["/a", "/b"], "/bin/bash", "echo \"it's\" $HOME", ["/c"]);

        Assert.Equal(["/bin/sh", "-c"], arguments[..2]);
        Assert.Equal(["qube-flight", "/log/1_0.flt", "1.2.0.1", "agenda preflight", "agenda postflight", "2", "/a", "/b", "/bin/bash", "echo \"it's\" $HOME", "/c"], arguments[3..]);
    }

    [Theory]
    [InlineData("7.-1.0.-1", "preflight /a failed with exit code 3")]
    [InlineData("7.1.0.1", "agenda postflight /c is not there")]
    [InlineData("7.1.0.11", null)]
    [InlineData("7.1.0", null)]
    public void Should_find_the_last_word_on_a_process_when_a_report_has_several(string key, string? reason) => Assert.Equal(
        reason,
        FlightCommand.ReasonOf(["7.-1.0.-1 preflight /a failed with exit code 3", "7.1.0.1 agenda preflight /b failed with exit code 1", "7.1.0.1 agenda postflight /c is not there", ""], key));

    [Fact]
    public void Should_keep_the_order_of_replacements_when_a_path_map_is_read()
    {
        var map = PathMap.Parse("\"//server/share\" = \"/mnt/share\",\n/mnt/share/old=/mnt/new").Required();

        Assert.Equal("/mnt/new/x", map.Convert("//server/share/old/x"));
        Assert.Equal((6, "/b"), (PathMap.Parse("/a=b,/b").Error!.Column, PathMap.Parse("/a=b,/b").Error!.Found.Trim('\'')));
    }
}

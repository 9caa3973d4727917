using FsCheck;
using FsCheck.Xunit;
using Qube.Domain.Execution;
using Xunit;

namespace Qube.Domain.Tests.Execution;

public sealed class CommandLineTests
{
    private static readonly PathMap Paths = new()
    {
        Replacements = [new("X:/", "/mnt/x/"), new("/mnt/x/old", "/mnt/x/new"), new("", "never")],
    };

    [Theory]
    [InlineData("render -s QB_FRAME_START -e QB_FRAME_END -b QB_FRAME_STEP", "26-50", 0, "render -s 26 -e 50 -b 1")]
    [InlineData("render -s QB_FRAME_START -e QB_FRAME_END -b QB_FRAME_STEP", "1-7x2", 3, "render -s 001 -e 007 -b 2")]
    [InlineData("f.QB_FRAME_NUMBER.exr QB_FRAME_RANGE", "12", 3, "f.012.exr 12")]
    [InlineData("f.QB_FRAME_NUMBER.exr", "12345", 3, "f.12345.exr")]
    [InlineData("f.QB_FRAME_NUMBER.exr", "-5", 4, "f.-005.exr")]
    [InlineData("QB_FRAME_NUMBER", "echo HI", 4, "echo HI")]
    [InlineData("a QB_FRAME_NUMBER QB_FRAME_END", "1-3,10-11", 1, "a 1 11")]
    [InlineData("echo $QB_FRAME_NUMBER ${QB_FRAME_END} QB_FRAME_END", "5", 1, "echo $QB_FRAME_NUMBER ${QB_FRAME_END} 5")]
    [InlineData("QB_FRAME_NUMBER", "QB_FRAME_END", 1, "QB_FRAME_END")]
    [InlineData("render QB_CONVERT_PATH(X:/old/QB_FRAME_NUMBER (copy).exr) end", "7", 2, "render /mnt/x/new/07 (copy).exr end")]
    [InlineData("render QB_CONVERT_PATH(X:/open", "7", 1, "render QB_CONVERT_PATH(X:/open")]
    [InlineData("__MAYA__ __MAYA__2 __NUKE__", "7", 1, "/opt/maya /opt/maya2 __NUKE__")]
    public void Should_fill_in_the_item_when_the_command_names_tokens(string template, string item, int padding, string expected)
    {
        Dictionary<string, string> applications = new() { ["__MAYA__"] = "/opt/maya", ["__MAYA__2"] = "/opt/maya2" };

        Assert.Equal(expected, CommandLine.Substitute(template, ItemTokens.Of(item, padding), Paths, applications));
    }

    [Fact]
    public void Should_leave_frame_tokens_alone_when_there_is_no_item()
    {
        Assert.Equal("a QB_FRAME_NUMBER /mnt/x/b", CommandLine.Substitute("a QB_FRAME_NUMBER QB_CONVERT_PATH(X:/b)", null, Paths));
    }

    [Property]
    public void Should_leave_a_command_as_it_is_when_it_has_no_token(NonNull<string> command)
    {
        Assert.Equal(command.Get, CommandLine.Substitute(command.Get, ItemTokens.Of("5", 1), Paths));
    }
}

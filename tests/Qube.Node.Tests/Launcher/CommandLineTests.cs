using System.Diagnostics;
using System.Text;
using Qube.Contracts.Launching;
using Qube.Node.Launcher;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Node.Tests.Launcher;

/// <summary>A line is split here only if the shell would split it the same way: the shell itself is asked.</summary>
public sealed class CommandLineTests(ITestOutputHelper output)
{
    private static readonly string[] Pieces =
        ["a", "render", "-f", "--x=5", "%04d", " ", "  ", "\t", "'", "\"", "\\", "'a b'", "\"c d\"", "\\ ", "\\\"", "\"\\$\"", "''", "=", "~", "#", "$", "$HOME",
         "*", "?", ";", "|", "&", "<", ">", "(", ")", "{", "}", "!", "`", "\n", ":", "@", "ä", "/", "..", ",", "[", "]", "^", "+"];

    [Fact]
    public void Should_split_as_a_shell_does_when_it_splits_at_all()
    {
        const int seed = 20261124, count = 4000;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var lines = new List<string>();
        var script = new StringBuilder("unset HOME\n");
        while (lines.Count < count)
        {
            // The first word is plain, so that it is the arguments which are tried.
            var line = "prog " + string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            if (CommandLine.Split(line) is not null)
            {
                lines.Add(line);
                script.Append("set -- ").Append(line["prog ".Length..]).Append("\nprintf '%s\\0' prog \"$@\"; printf '\\n'\n");
            }
        }

        var words = Shell(script.ToString()).Split("\0\n");

        Assert.Equal(count + 1, words.Length);
        for (var i = 0; i < count; i++)
        {
            Assert.True(words[i] == string.Join('\0', CommandLine.Split(lines[i])!), $"{lines[i]} is to the shell: {words[i].Replace('\0', '|')}");
        }
    }

    [Theory]
    [InlineData("render -f 1", "render|-f|1")]
    [InlineData("  render\t'a b' \"c\\\"d\" e\\ f ''  ", "render|a b|c\"d|e f|")]
    [InlineData("render --out=/x/%04d.exr k=v", "render|--out=/x/%04d.exr|k=v")]
    public void Should_start_directly_when_there_is_no_shell_syntax(string line, string words) =>
        Assert.Equal(words.Split('|'), CommandLine.Arguments(new LaunchCommand.ShellLine(line)));

    [Theory]
    [InlineData("a | b")]
    [InlineData("A=1 render")]
    [InlineData("render > log")]
    [InlineData("render $FRAME")]
    [InlineData("render \"$FRAME\"")]
    [InlineData("render *.exr")]
    [InlineData("cd /tmp")]
    [InlineData("exit 3")]
    [InlineData("~/bin/render")]
    [InlineData("render 'unfinished")]
    [InlineData("")]
    [InlineData("# comment")]
    public void Should_use_the_shell_when_there_is_shell_syntax(string line) =>
        Assert.Equal(["/bin/sh", "-c", line], CommandLine.Arguments(new LaunchCommand.ShellLine(line)));

    [Fact]
    public void Should_use_the_named_shell_always_when_one_is_named() =>
        Assert.Equal(["/bin/tcsh", "-c", "render"], CommandLine.Arguments(new LaunchCommand.ShellLine("render", "/bin/tcsh")));

    private static string Shell(string script)
    {
        var start = new ProcessStartInfo("/bin/sh", "-s")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        using var shell = Process.Start(start)!;
        var reading = shell.StandardOutput.ReadToEndAsync();
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        Assert.True(reading.Wait(LaunchPeer.Limit), "the shell did not end");
        return reading.Result;
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>An acknowledgement means that the disk has it: kill -9 alone would prove nothing about that (design §8).</summary>
public sealed partial class SyncTests
{
    private const int Submissions = 20;

    [Fact]
    public async Task Should_have_synced_when_it_acknowledges()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 1 });
        var path = Path.Combine(farm.Root, "syncs");
        using var strace = Process.Start(new ProcessStartInfo("strace", ["-f", "-ttt", "-T", "-e", "trace=fsync,fdatasync", "-o", path, "-p", farm.Pid.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var first = await strace.StandardError.ReadLineAsync();
        Assert.True(first?.Contains("attached", StringComparison.Ordinal) == true, $"strace cannot watch the node: {first}");
        var complaints = strace.StandardError.ReadToEndAsync();

        using var times = JsonDocument.Parse(await PythonScript.Run(farm, "serial.py", Submissions.ToString(CultureInfo.InvariantCulture)));
        var syncs = File.ReadLines(path).Select(Read).OfType<(double Began, double Ended)>().ToArray();
        Signals.Kill(strace.Id);
        await complaints;

        var without = times.RootElement.EnumerateArray().Select(time => (Sent: time[0].GetDouble(), Acknowledged: time[1].GetDouble()))
            .Where(time => !syncs.Any(sync => time.Sent <= sync.Began && sync.Ended <= time.Acknowledged)).ToArray();
        Assert.Equal(Submissions, times.RootElement.GetArrayLength());
        Assert.True(
            without.Length == 0,
            $"{without.Length} of {Submissions} acknowledgements without a sync of their own, {syncs.Length} syncs in all\n{string.Join('\n', File.ReadLines(path).Take(80))}");
    }

    /// <summary>A successful sync: when it began and ended. A call that was interrupted in the trace is told in the line of its end.</summary>
    private static (double Began, double Ended)? Read(string line)
    {
        if (Sync().Match(line) is not { Success: true } match)
        {
            return null;
        }

        var at = double.Parse(match.Groups["at"].ValueSpan, CultureInfo.InvariantCulture);
        var took = double.Parse(match.Groups["took"].ValueSpan, CultureInfo.InvariantCulture);
        return match.Groups["resumed"].Success ? (at - took, at) : (at, at + took);
    }

    [GeneratedRegex(@"^\d+\s+(?<at>[\d.]+) (?:(?:fsync|fdatasync)\(\d+|(?<resumed><\.\.\. (?:fsync|fdatasync) resumed>))\)\s+= 0 <(?<took>[\d.]+)>$")]
    private static partial Regex Sync();
}

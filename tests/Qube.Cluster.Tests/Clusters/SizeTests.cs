using System.Diagnostics;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>A farm's size is declared, and what cannot be is refused before anything is started.</summary>
public sealed class SizeTests
{
    [Theory]
    [InlineData("--supervisors 2", "--supervisors 2: expected 1, 3 or 5: of an even number half may be cut off")]
    [InlineData("--supervisors 4", "--supervisors 4: expected 1, 3 or 5")]
    [InlineData("--supervisors 0", "--supervisors 0: expected 1, 3 or 5")]
    [InlineData("--supervisors 3 --seed 127.0.0.1:5", "--supervisors 3: several supervisors share one journal, which is --db CONNECTION")]
    [InlineData("--supervisors 5 --db Host=127.0.0.1", "--supervisors 5: they find each other by --seed HOST:PORT")]
    [InlineData("--supervisors 3 --db Host=127.0.0.1 --seed super2", "--seed super2: expected HOST:PORT")]
    public Task Should_refuse_with_the_reason_when_the_size_cannot_be(string options, string reason) => Refused("supervisor", options, reason);

    [Fact]
    public Task Should_refuse_when_a_worker_is_told_of_no_supervisor() => Refused("worker", "", "--seed HOST:PORT: a worker needs");

    [Theory]
    [InlineData("qube.supervisor = 3", "'qube.supervisor' is no key of this program")]
    [InlineData("qube.supervisors = 2", "--supervisors 2: expected 1, 3 or 5")]
    [InlineData("akka.cluster.split-brain-resolver.stable-aftr = 3s", "'akka.cluster.split-brain-resolver.stable-aftr' is no key of this program")]
    public async Task Should_name_the_key_when_the_configuration_cannot_be(string line, string reason)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, line + "\n");
            await Refused("supervisor", $"--config {file}", reason);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task Refused(string role, string options, string reason)
    {
        var folder = Directory.CreateTempSubdirectory("qube-size-").FullName;
        try
        {
            var start = new ProcessStartInfo(FarmProcess.Executable) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
            string[] own = role == "supervisor" ? ["--port", "0"] : [];
            foreach (var word in (string[])[role, "--data", folder, "--cluster-port", "0", .. own, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)])
            {
                start.ArgumentList.Add(word);
            }

            start.Environment.Remove("QUBE_DB");
            using var process = Process.Start(start)!;
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 2 && errors.Contains(reason, StringComparison.Ordinal), $"expected exit code 2 and '{reason}', found {process.ExitCode} and:\n{errors}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

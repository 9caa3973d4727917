using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Tools;

/// <summary>Archives that one side writes and the other reads: the module <c>qb</c> and the tools.</summary>
[Collection(SharedFarm.Collection)]
public sealed class ArchiveExchangeTests(SharedFarm shared) : IDisposable
{
    private readonly ToolRunner _run = new(shared.Farm);
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-archives-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Should_be_the_same_job_and_run_to_the_end_when_either_side_reads_what_the_other_has_written()
    {
        OpenToAll.Folder(shared.Farm.Root);
        var mark = "exchanged" + Guid.NewGuid().ToString("N")[..8];
        var (pythons, tools) = (Path.Combine(_folder, "python.xja"), Path.Combine(_folder, "tools.xja"));
        await Script("write", pythons);

        // Python's archive, read and written by the tools, is the same job to python.
        await _run.Run(0, "qbsub", "--import", pythons, "--export", tools);
        await Script("read", tools);

        // It runs from either: imported by the tool, and recovered from the tool's own archive by a script.
        await Script("ran", (await _run.Run(0, "qbsub", "--import", pythons)).Trim());
        await Script("ran", (await Script("resubmit", tools)).Trim());

        Task<string> Script(string what, string given) => PythonScript.Run(shared.Farm, "exchanged.py", what, given, mark);
    }
}

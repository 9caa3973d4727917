using Qube.Cluster.Tests.Farms;
using Qube.Cluster.Tests.Tools;
using Qube.Contracts;
using Qube.Storage;
using Qube.Storage.ReadModel;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>The list of jobs comes from the logs, and can be made from them again.</summary>
public sealed class RebuildTests
{
    [Fact]
    public async Task Should_answer_as_before_when_the_list_was_damaged_and_is_rebuilt()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 2 });
        var run = new ToolRunner(farm);
        var list = Path.Combine(farm.Data, StorageConfig.ReadModelFile);
        var complete = await Submit("--name", "done", "--range", "1-20", "test QB_FRAME_NUMBER -gt 0;");
        var failed = await Submit("--name", "bad", "--user", "ben", "--range", "1-3", "test QB_FRAME_NUMBER -ne 2;");
        var blocked = await Submit("--name", "held", "--status", "blocked", "--cluster", "/x", "sleep 0");
        var killed = await Submit("--name", "killed", "--status", "blocked", "sleep 0");
        var removed = await Submit("--name", "removed", "--status", "blocked", "sleep 0");
        await run.Line(0, $"qbmodify --mpriority 7 --mnotes changed {blocked}");
        await run.Line(0, $"qbkill {killed} {removed}");
        await run.Line(0, $"qbremove {removed}");
        await Eventually.Get("both ended", () => run.Values("status", $"{complete} {failed}").GetAwaiter().GetResult(), states => states == "complete failed");
        var listed = await Listed();
        // Not while a farm runs on the folder.
        await Rebuild(1);

        Assert.Equal(0, await farm.Stop());
        var before = Rows();
        Assert.Equal($"{complete} {failed} {blocked} {killed}", string.Join(' ', before.Select(row => row.JobId)));

        // No database at all; then one that has lost a row, has one too many and one that is wrong.
        await File.WriteAllTextAsync(list, "this is no database");
        Assert.Contains("4 jobs are in the list", await Rebuild(0), StringComparison.Ordinal);
        Same(before, Rows());
        using (var model = SqliteJobReadModel.Open(list))
        {
            model.Remove([before[0].JobId]);
            model.Upsert([before[1] with { JobId = new(999_999), Name = "invented" }, before[1] with { Status = "running", Version = long.MaxValue }]);
        }

        Assert.Contains("4 jobs are in the list", await Rebuild(0), StringComparison.Ordinal);
        Same(before, Rows());
        Assert.Equal(["farm.db"], Directory.EnumerateFiles(farm.Data, "farm.db*").Select(Path.GetFileName));

        await farm.StartAgain();
        Assert.Equal(listed, await Listed());

        async Task<string> Submit(params string[] words) => (await run.Run(0, ["qbsub", .. words])).Trim();
        Task<string> Listed() => run.Line(0, "qbjobs --user all --delimit ; --columns id,pgrp,label,status,user,type,name,priority,cluster,notes,%,timesubmit,timecomplete 0");
        Task<string> Rebuild(int code) => QubeCli.Run(farm, code, "rebuild", "--data", farm.Data);
        IReadOnlyList<JobSummary> Rows()
        {
            using var model = SqliteJobReadModel.Open(list);
            return model.Query(new JobQuery { OrderBy = "id ASC" });
        }

        // A farm that stops may leave its last word on a job unlisted: the log has it.
        void Same(IReadOnlyList<JobSummary> expected, IReadOnlyList<JobSummary> found)
        {
            Assert.Equal(expected.Select(row => row with { Version = 0 }), found.Select(row => row with { Version = 0 }));
            Assert.All(expected.Zip(found, (row, again) => again.Version - row.Version), more => Assert.InRange(more, 0, long.MaxValue));
        }

    }
}

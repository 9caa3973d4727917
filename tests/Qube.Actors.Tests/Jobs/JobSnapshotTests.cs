using Akka.Actor;
using Akka.TestKit;
using Microsoft.Data.Sqlite;
using Qube.Actors.Jobs;
using Qube.Contracts;
using Qube.Storage;
using Qube.Wire;
using Xunit;

namespace Qube.Actors.Tests.Jobs;

/// <summary>Snapshots of jobs on the real stores: used where they can be, ignored where they cannot.</summary>
public sealed class JobSnapshotTests : IDisposable
{
    private const int Commits = 100;
    private readonly string folder = Directory.CreateTempSubdirectory("qube-snapshots-").FullName;
    private readonly List<JobRig> rigs = [];

    public void Dispose()
    {
        rigs.ForEach(rig => rig.Dispose());
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Should_replay_only_what_follows_when_there_is_a_snapshot()
    {
        var expected = await RunAsync();
        Assert.Equal("1", Scalar(StorageConfig.SnapshotFile, "SELECT COUNT(*) FROM snapshot"));
        var at = long.Parse(Scalar(StorageConfig.SnapshotFile, "SELECT sequence_number FROM snapshot WHERE persistence_id = 'job-300'"), System.Globalization.CultureInfo.InvariantCulture);

        // Nothing before it is left to replay: what comes out can only have come from the snapshot.
        Assert.NotEqual("0", Scalar(StorageConfig.JournalFile, $"DELETE FROM journal WHERE persistence_id = 'job-300' AND sequence_number <= {at}; SELECT changes()"));

        Assert.Equal(expected, await RecoveredAsync());
    }

    [Theory]
    [InlineData("UPDATE snapshot SET snapshot = x'00112233ff'")]
    [InlineData("UPDATE snapshot SET manifest = 'js999'")]
    [InlineData("UPDATE snapshot SET serializer_id = 4711")]
    [InlineData("DROP TABLE snapshot")]
    [InlineData("format")]
    public async Task Should_replay_the_log_and_say_so_when_the_snapshot_cannot_be_read(string damage)
    {
        var expected = await RunAsync();
        if (damage == "format")
        {
            var later = new JobSnapshot { Format = JobSnapshot.CurrentFormat + 1 };
            using var stream = new MemoryStream();
            WireModel.Model.Serialize(stream, later);
            damage = $"UPDATE snapshot SET snapshot = x'{Convert.ToHexString(stream.ToArray())}'";
        }

        Scalar(StorageConfig.SnapshotFile, damage);

        Assert.Equal(expected, await RecoveredAsync(warnings: damage.StartsWith("DROP", StringComparison.Ordinal) ? 0 : 1));
    }

    [Fact]
    public async Task Should_begin_a_new_epoch_when_it_recovers_from_a_snapshot()
    {
        await RunAsync();
        for (var life = 2; life <= 4; life++)
        {
            var rig = Start();
            await rig.JsonOf(rig.Job(300));
            var log = await rig.Settings.ReadLog("job-300", 1);
            Assert.Equal(Enumerable.Range(1, life), log.Select(entry => entry.Event).OfType<JobEvents.Batch>().SelectMany(batch => batch.Transitions).Where(t => t.Kind == TransitionKind.EpochStarted).Select(t => t.Attempt));
            await rig.StopAsync();
        }
    }

    [Fact]
    public async Task Should_leave_a_snapshot_when_it_leaves_memory_and_none_of_a_job_with_little_to_replay()
    {
        var rig = Start(snapshotCommits: 8 * Commits);
        var job = await CreatedAsync(rig);
        await ChangeAsync(job, Commits / 2);
        await StoppedAsync(rig, job);
        job = rig.Job(300);
        await ChangeAsync(job, Commits);
        var before = await rig.JsonOf(job);
        await StoppedAsync(rig, job);
        await rig.AwaitConditionAsync(() => Task.FromResult(Scalar(StorageConfig.SnapshotFile, "SELECT COUNT(*) FROM snapshot") == "1"), JobRig.Limit, message: "expected a snapshot of the job that was stopped");
        await rig.StopAsync();

        // Of the first stay, half as long, there was none: the one that is there has all that the second replayed.
        Assert.True(long.Parse(Scalar(StorageConfig.SnapshotFile, "SELECT sequence_number FROM snapshot"), System.Globalization.CultureInfo.InvariantCulture) > Commits);
        Assert.Equal(before, (await RecoveredAsync()).Json);
    }

    private JobRig Start(int snapshotCommits = 20)
    {
        var rig = new JobRig(folder, snapshotCommits);
        rigs.Add(rig);
        return rig;
    }

    /// <summary>A job that has been changed a hundred times, by name and by retry, and saved meanwhile; its node is stopped.</summary>
    private async Task<(string Json, string Source)> RunAsync()
    {
        var rig = Start();
        var job = await CreatedAsync(rig);
        await ChangeAsync(job, Commits);

        // Another is due only once the one before is saved, which may take as long as all those changes did.
        using var limit = new CancellationTokenSource(JobRig.Limit);
        while (Scalar(StorageConfig.SnapshotFile, "SELECT COALESCE(MAX(sequence_number), 0) > 100 AND COUNT(*) = 1 FROM snapshot") != "1")
        {
            Assert.False(limit.IsCancellationRequested, $"expected one snapshot, of a commit after the 100th, within {JobRig.Limit}");
            await ChangeAsync(job, 1);
        }

        var expected = await ShownAsync(rig, job);
        await rig.StopAsync();
        return expected;
    }

    private static async Task<(string Json, string Source)> ShownAsync(JobRig rig, IActorRef job)
    {
        var source = await rig.SourceOf(job);
        return (await rig.JsonOf(job), System.Text.Json.JsonSerializer.Serialize(source with { LastSequenceNr = 0 }));
    }

    private async Task<(string Json, string Source)> RecoveredAsync(int warnings = 0)
    {
        var rig = Start(snapshotCommits: 0);
        (string, string) shown = default;
        await rig.EventFilter.Warning(contains: "replayed instead").ExpectAsync(warnings, async () => shown = await ShownAsync(rig, rig.Job(300)));
        await rig.StopAsync();
        return shown;
    }

    private static async Task<IActorRef> CreatedAsync(JobRig rig)
    {
        var job = rig.Job(300);
        var spec = new JobSpec
        {
            JobId = new JobId(300),
            Pgrp = 300,
            Name = "snapshots",
            Instances = 3,
            SubmittedAtMs = 1,
            Agenda = new AgendaSpec { Parts = [new AgendaPart { Kind = AgendaPart.FramesKind, First = 1, Last = 1000, Step = 1 }] },
        };
        await job.Ask<JobMessages.JobCreated>(new JobMessages.CreateJob { JobId = new JobId(300), Spec = spec }, JobRig.Limit);
        return job;
    }

    private static async Task ChangeAsync(IActorRef job, int times)
    {
        for (var time = 0; time < times; time++)
        {
            var verb = (time % 4) switch { 0 => JobVerb.Kill, 1 => JobVerb.Block, 2 => JobVerb.Retry, _ => JobVerb.Unblock };
            await job.Ask<JobMessages.ControlDone>(
                new JobMessages.ControlJob { JobId = new JobId(300), RequestId = $"{Guid.NewGuid():N}", Verb = verb, Scope = VerbScope.Work, Items = [$"{1 + (time * 7 % 1000)}"], User = "u" },
                JobRig.Limit);
        }
    }

    private static async Task StoppedAsync(JobRig rig, IActorRef job)
    {
        rig.Watch(job);
        job.Tell(JobActor.HandOff.Instance);
        await rig.ExpectTerminatedAsync(job, JobRig.Limit);
    }

    private string Scalar(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder}/{file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }
}

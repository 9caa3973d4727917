using Akka.Actor;
using Microsoft.Data.Sqlite;
using Qube.Actors.Workers;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Jobs;

/// <summary>A render's end, whose attempt goes to the frame's own journal, is told again because the answer was lost, or because the job has moved.</summary>
public sealed class RepeatedReportTests : IDisposable
{
    private const string Host = "r1";
    private const int Times = 10;
    private readonly string folder = Directory.CreateTempSubdirectory("qube-repeat-").FullName;
    private JobRig rig;

    public RepeatedReportTests() => rig = new JobRig(folder, snapshotCommits: 0);

    public void Dispose()
    {
        rig.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Should_answer_recorded_when_a_render_s_end_is_reported_again_and_in_another_life()
    {
        var job = rig.Job(300);
        await job.Ask<JobMessages.JobCreated>(new JobMessages.CreateJob { JobId = new JobId(300), Spec = Spec() }, JobRig.Limit);
        job.Tell(new DispatchMessages.Grant { JobId = new JobId(300), GrantId = 1, Host = Host, Incarnation = "a", Allocations = ["host.processors=1"], Slots = [1] });
        var told = rig.Others.FishForMessage<ToWorker>(word => word.Message is WorkerMessages.SyncInstances { Instances.Length: > 0 }, JobRig.Limit);
        var sync = (WorkerMessages.SyncInstances)told.Message;

        Assert.Equal([0, 1], Recorded(job, sync, sync.Epoch));
        Assert.Equal([0, 1], Recorded(job, sync, sync.Epoch));

        await rig.StopAsync();
        rig = new JobRig(folder, snapshotCommits: 0);
        job = rig.Job(300);
        await rig.JsonOf(job);
        Assert.Equal([0, 1], Recorded(job, sync, sync.Epoch + 1));
    }

    private static JobSpec Spec() => new()
    {
        JobId = new JobId(300),
        Pgrp = 300,
        SubmissionFirstId = 300,
        Instances = 1,
        Agenda = new AgendaSpec { Parts = [new AgendaPart { Kind = AgendaPart.FramesKind, First = 1, Last = 3, Step = 1 }] },
    };

    private static void Report(IActorRef job, WorkerMessages.SyncInstances sync, int epoch) => job.Tell(new WorkerMessages.Report
    {
        JobId = new JobId(300),
        Epoch = epoch,
        Host = Host,
        Instance = sync.Instances[0].Instance,
        Run = sync.Instances[0].Run,
        Ended = [new WorkerMessages.ItemEnd { Seq = 0, Attempt = 1, Outcome = EndOutcome.Succeeded, StartedMs = 1_000, EndedMs = 61_000 }],
    });

    /// <summary>What is answered to a report that is said again until it is, as a worker does: one that meets its frame on the way out is lost.</summary>
    private int[] Recorded(IActorRef job, WorkerMessages.SyncInstances sync, int epoch)
    {
        for (var time = 1; ; time++)
        {
            Report(job, sync, epoch);
            try
            {
                return ((WorkerMessages.HandOut)rig.Others.FishForMessage<ToWorker>(word => word.Message is WorkerMessages.HandOut { Recorded.Length: > 0 }, JobRig.Limit / Times).Message).Recorded;
            }
            catch (Xunit.Sdk.XunitException) when (time < Times)
            {
            }
        }
    }
}

using Akka.Actor;
using Akka.TestKit;
using Microsoft.Data.Sqlite;
using Qube.Actors.Tests.Callbacks;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Jobs;

/// <summary>How a finished job leaves the live index, with callbacks and without, and how it comes back: before anybody is told of the change.</summary>
public sealed class JobRestTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("qube-rest-").FullName;
    private JobRig rig;
    private TestProbe farm;

    public JobRestTests() => (rig, farm) = Start();

    public void Dispose()
    {
        rig.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("done-job-self", 1)]
    public async Task Should_settle_and_come_back_by_a_retry_after_a_restart_when_only_its_own_job_can_fire_them(string triggers, int firings)
    {
        var job = await CreatedAsync(triggers);
        await ControlAsync(job, JobVerb.Kill, "kill");
        farm.FishForMessage<FarmMessages.JobSettled>(_ => true, JobRig.Limit);
        await rig.StopAsync();

        // Another life, woken by the command: the live index hears of it before whoever commands does, and settles it when it is over again.
        (rig, farm) = Start(isSilent: true);
        job = rig.Job(300);
        var retried = ControlAsync(job, JobVerb.Retry, "retry");
        farm.FishForMessage<FarmMessages.JobRevived>(_ => true, JobRig.Limit);
        Assert.False(retried.IsCompleted);
        farm.Reply(new FarmMessages.JobRevivedAck { JobId = new JobId(300) });
        Assert.NotEmpty((await retried).Affected);
        await ControlAsync(job, JobVerb.Kill, "kill again");
        farm.FishForMessage<FarmMessages.JobSettled>(_ => true, JobRig.Limit);

        var shown = await job.Ask<JobMessages.JobReply>(new JobMessages.GetJob { JobId = new JobId(300), Callbacks = true }, JobRig.Limit);
        using var json = System.Text.Json.JsonDocument.Parse(shown.Json);
        var counts = json.RootElement.TryGetProperty("callbacks", out var callbacks) ? callbacks.EnumerateArray().Select(callback => callback.GetProperty("count").GetInt32()) : [];
        Assert.Equal(2 * firings, counts.Sum());
    }

    /// <summary>Their number in their log is taken, as it is when another life of this job has written, or a database that was away had taken the write after all.</summary>
    [Fact]
    public async Task Should_fire_and_settle_when_a_write_of_its_callbacks_was_refused()
    {
        var job = await CreatedAsync("done-job-self");
        await job.Ask<LedgerMessages.Firings>(new LedgerMessages.GetFirings { JobId = new JobId(300) }, JobRig.Limit);
        await rig.Sys.ActorOf(Props.Create(() => new LogWriter("callbacks-300"))).Ask<long>(new CallbackEvents.Folded(), JobRig.Limit);

        await ControlAsync(job, JobVerb.Kill, "kill");

        farm.FishForMessage<FarmMessages.JobSettled>(_ => true, JobRig.Limit);
        var ledger = await job.Ask<LedgerMessages.Firings>(new LedgerMessages.GetFirings { JobId = new JobId(300) }, JobRig.Limit);
        Assert.Single(ledger.Rows);
    }

    [Fact]
    public async Task Should_say_that_it_is_there_when_it_recovers_unfinished()
    {
        await CreatedAsync("");
        await rig.StopAsync();
        (rig, farm) = Start();

        rig.Job(300).Tell(new JobMessages.WakeJob { JobId = new JobId(300), Pgrp = 300 });

        farm.FishForMessage<FarmMessages.JobRevived>(_ => true, JobRig.Limit);
    }

    private (JobRig Rig, TestProbe Farm) Start(bool isSilent = false)
    {
        var started = new JobRig(folder, snapshotCommits: 0);
        started.Others.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            switch (message)
            {
                case ReadModelMessages.Flush flush:
                    sender.Tell(new ReadModelMessages.Flushed { JobId = flush.JobId });
                    break;
                case FarmMessages.JobRevived revived when !isSilent:
                    sender.Tell(new FarmMessages.JobRevivedAck { JobId = revived.JobId });
                    break;
                case JobMessages.GetSource get when started.Last is { } job:
                    job.Tell(get, sender);
                    break;
            }

            return AutoPilot.KeepRunning;
        }));
        return (started, started.Others);
    }

    private async Task<IActorRef> CreatedAsync(string triggers)
    {
        var job = rig.Job(300);
        var spec = new JobSpec
        {
            JobId = new JobId(300),
            Pgrp = 300,
            SubmissionFirstId = 300,
            Callbacks = triggers.Length == 0 ? [] : [new CallbackSpec { Id = 1, Triggers = triggers, Language = "qube", Code = "unblock-self" }],
        };
        await job.Ask<JobMessages.JobCreated>(new JobMessages.CreateJob { JobId = new JobId(300), Spec = spec }, JobRig.Limit);
        return job;
    }

    private static Task<JobMessages.ControlDone> ControlAsync(IActorRef job, JobVerb verb, string request) => job.Ask<JobMessages.ControlDone>(
        new JobMessages.ControlJob { JobId = new JobId(300), RequestId = request, Verb = verb, User = "u" }, JobRig.Limit);
}

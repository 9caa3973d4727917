using Akka.Actor;
using Akka.Cluster.Sharding;
using Microsoft.Data.Sqlite;
using Qube.Actors.Farm;
using Qube.Actors.ReadModel;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Jobs;

/// <summary>What an accepted job costs until it is there, and that none of it is done twice or left out.</summary>
public sealed class JobBirthTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("qube-birth-").FullName;
    private JobRig rig;

    public JobBirthTests() => rig = new JobRig(folder, snapshotCommits: 0);

    public void Dispose()
    {
        rig.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Should_write_its_first_epoch_with_itself_when_a_job_is_created()
    {
        await rig.Job(300).Ask<JobMessages.JobCreated>(new JobMessages.CreateJob { JobId = new JobId(300), Spec = Spec() }, JobRig.Limit);

        var log = await rig.Settings.ReadLog(Names.Job(new JobId(300)), 1);
        Assert.Equal([typeof(JobEvents.Created), typeof(JobEvents.Batch)], log.Select(entry => entry.Event.GetType()));
        Assert.Equal((TransitionKind.EpochStarted, 1), (((JobEvents.Batch)log[1].Event).Transitions[0].Kind, ((JobEvents.Batch)log[1].Event).Transitions[0].Attempt));
        Assert.Equal([1L, 2L], [rig.Others.FishForMessage<BusMessages.Envelope>(_ => true, JobRig.Limit).SequenceNr, rig.Others.FishForMessage<BusMessages.Envelope>(_ => true, JobRig.Limit).SequenceNr]);

        await rig.StopAsync();
        rig = new JobRig(folder, snapshotCommits: 0);
        await rig.JsonOf(rig.Job(300));
        Assert.Equal(2, rig.Others.FishForMessage<DispatchMessages.Demand>(_ => true, JobRig.Limit).Epoch);
    }

    [Fact]
    public async Task Should_answer_who_asks_before_it_was_told_to_be_once_its_group_has_said_what_it_is()
    {
        var job = rig.Job(300);
        var answer = job.Ask<JobMessages.JobReply>(new JobMessages.GetJob { JobId = new JobId(300) }, JobRig.Limit);
        rig.Others.FishForMessage<FarmMessages.FindJob>(find => find.JobId.Value == 300, JobRig.Limit);
        job.Tell(new FarmMessages.JobFound { JobId = new JobId(300), Pgrp = 300 });
        var spec = rig.Others.FishForMessage<FarmMessages.GetSpec>(_ => true, JobRig.Limit);
        Assert.Equal((300, 300, true), (spec.Pgrp, spec.JobId.Value, spec.IsQuestion));
        job.Tell(new JobMessages.CreateJob { JobId = new JobId(300), Spec = Spec() });
        Assert.Contains("\"id\":300", (await answer).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_that_there_is_none_when_neither_farm_nor_group_knows_it()
    {
        var none = rig.Job(300);
        var answer = none.Ask<JobMessages.JobReply>(new JobMessages.GetJob { JobId = new JobId(300) }, JobRig.Limit);
        rig.Others.FishForMessage<FarmMessages.FindJob>(_ => true, JobRig.Limit);
        none.Tell(new FarmMessages.JobFound { JobId = new JobId(300) });
        Assert.Equal("", (await answer).Json);

        var issued = rig.Job(301);
        var control = issued.Ask<JobMessages.ControlDone>(new JobMessages.ControlJob { JobId = new JobId(301), RequestId = "r", Verb = JobVerb.Kill }, JobRig.Limit);
        issued.Tell(new FarmMessages.JobFound { JobId = new JobId(301), Pgrp = 301 });
        issued.Tell(new FarmMessages.NoSuchJob { JobId = new JobId(301), IsQuestion = true });
        Assert.Empty((await control).Affected);
    }

    [Fact]
    public void Should_let_a_submission_come_that_is_only_asked_about()
    {
        var group = Group("first");
        group.Tell(new FarmMessages.GetSpec { Pgrp = 300, JobId = new JobId(300), IsQuestion = true }, rig.Others);
        Assert.True(rig.Others.ExpectMsg<FarmMessages.NoSuchJob>(JobRig.Limit).IsQuestion);
        group.Tell(new FarmMessages.AcceptSubmission { Pgrp = 300, RequestId = "r", Jobs = [Spec()] }, rig.Others);
        rig.Others.FishForMessage<FarmMessages.SubmissionAccepted>(_ => true, JobRig.Limit);
    }

    [Fact]
    public async Task Should_answer_a_roll_call_when_a_job_wants_something_and_not_when_it_never_did()
    {
        var pending = rig.Job(300);
        pending.Tell(new JobMessages.CreateJob { JobId = new JobId(300), Spec = Spec() });
        var blocked = rig.Job(301);
        blocked.Tell(new JobMessages.CreateJob { JobId = new JobId(301), Spec = Spec() with { JobId = new JobId(301), Blocked = true } });
        rig.Others.FishForMessage<DispatchMessages.Demand>(demand => demand.JobId.Value == 300, JobRig.Limit);
        await blocked.Ask<JobMessages.JobReply>(new JobMessages.GetJob { JobId = new JobId(301) }, JobRig.Limit);

        Assert.Equal(1, rig.Settings.Roll.Count);
        rig.Settings.Roll.Tell(new DispatchMessages.RollCall());
        Assert.Equal(1, rig.Others.FishForMessage<DispatchMessages.Demand>(demand => demand.JobId.Value == 300, JobRig.Limit).Wanted);

        rig.Others.Watch(pending);
        pending.Tell(PoisonPill.Instance);
        rig.Others.FishForMessage<Terminated>(gone => gone.ActorRef.Equals(pending), JobRig.Limit);
        Assert.Equal(0, rig.Settings.Roll.Count);
    }

    [Fact]
    public void Should_list_a_job_before_it_is_created_and_ask_none_again_when_its_group_left_memory_and_is_back()
    {
        var group = Group("first");
        group.Tell(new FarmMessages.AcceptSubmission { Pgrp = 300, RequestId = "r", Jobs = [Spec()] }, rig.Others);
        Assert.Equal(new JobId(300), rig.Others.ExpectMsg<JobListed>(JobRig.Limit).Spec.JobId);
        rig.Others.ExpectMsg<JobMessages.CreateJob>(JobRig.Limit);
        rig.Others.ExpectMsg<FarmMessages.SubmissionAccepted>(JobRig.Limit);
        group.Tell(new JobMessages.JobCreated { JobId = new JobId(300) }, rig.Others);

        group.Tell(ReceiveTimeout.Instance);
        rig.Others.ExpectMsg<Passivate>(JobRig.Limit);
        Stop(group);

        Group("second").Tell(new FarmMessages.GetProcessGroup { Pgrp = 300 }, rig.Others);
        Assert.Equal([300L], rig.Others.ExpectMsg<FarmMessages.ProcessGroup>(JobRig.Limit).JobIds);
    }

    [Fact]
    public void Should_list_and_create_a_job_again_when_its_group_went_before_it_heard_of_it()
    {
        var group = Group("first");
        group.Tell(new FarmMessages.AcceptSubmission { Pgrp = 300, RequestId = "r", Jobs = [Spec()] }, rig.Others);
        rig.Others.FishForMessage<FarmMessages.SubmissionAccepted>(_ => true, JobRig.Limit);
        Stop(group);

        Group("second");
        rig.Others.ExpectMsg<JobListed>(JobRig.Limit);
        Assert.Equal(new JobId(300), rig.Others.ExpectMsg<JobMessages.CreateJob>(JobRig.Limit).JobId);
    }

    private static JobSpec Spec() => new()
    {
        JobId = new JobId(300),
        Pgrp = 300,
        SubmissionFirstId = 300,
        Instances = 1,
        Agenda = new AgendaSpec { Parts = [new AgendaPart { Kind = AgendaPart.FramesKind, First = 1, Last = 3, Step = 1 }] },
    };

    private IActorRef Group(string name) => rig.Others.ChildActorOf(ProcessGroupActor.Props(300, rig.Others, rig.Others, rig.Settings), name);

    private void Stop(IActorRef group)
    {
        rig.Others.Watch(group);
        group.Tell(PoisonPill.Instance);
        rig.Others.FishForMessage<Terminated>(gone => gone.ActorRef.Equals(group), JobRig.Limit);
    }
}

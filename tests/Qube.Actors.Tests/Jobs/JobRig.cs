using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Qube.Actors.Jobs;
using Qube.Contracts;
using Qube.Storage;
using Qube.Wire;
using LogEntry = Qube.Actors.LogEntry;

namespace Qube.Actors.Tests.Jobs;

/// <summary>A job's actor on a real journal and snapshot store; everybody it speaks to is a probe.</summary>
internal sealed class JobRig : TestKit
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    public JobRig(string folder, int snapshotCommits)
        : base(ConfigurationFactory.ParseString("akka.loglevel = WARNING\nakka.stdout-loglevel = OFF").WithFallback(StorageConfig.Sqlite(folder)).WithFallback(WireConfig.Bindings()))
    {
        Others = CreateTestProbe("others");
        Settings = new FarmSettings
        {
            Time = new StoppedClock(),
            LogPath = folder,
            SupervisorUrl = "http://nowhere",
            ReadLog = async (log, from) => [.. (await LogReader.ReadAsync(Sys, log, from, long.MaxValue, long.MaxValue)).Events.Select(entry => new LogEntry(entry.SequenceNr, entry.Payload))],
            KnownNew = KnownNewIds.Get(Sys).Add,
            Scripts = null!,
            SnapshotCommits = snapshotCommits,
        };
    }

    public FarmSettings Settings { get; }

    /// <summary>Farm, dispatcher, read model and all else that a job speaks to.</summary>
    public TestProbe Others { get; }

    /// <summary>The job started last.</summary>
    public IActorRef? Last { get; private set; }

    public IActorRef Job(long id) => Last = Sys.ActorOf(JobActor.Props(
        new JobId(id), new FarmRefs(Others, Others, Others, Others, Others, Others, Others, Others), Settings));

    public async Task<string> JsonOf(IActorRef job) =>
        (await job.Ask<JobMessages.JobReply>(new JobMessages.GetJob { JobId = new JobId(300), Agenda = true, Subjobs = true }, Limit)).Json;

    public Task<JobMessages.Source> SourceOf(IActorRef job) =>
        job.Ask<JobMessages.Source>(new JobMessages.GetSource { JobId = new JobId(300) }, Limit);

    public Task StopAsync() => Sys.Terminate().WaitAsync(Limit);

    /// <summary>Of what a job shows nothing changes by itself.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}

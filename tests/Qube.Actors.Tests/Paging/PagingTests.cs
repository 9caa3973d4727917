using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Microsoft.Data.Sqlite;
using Qube.Actors.Farm;
using Qube.Actors.Jobs;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Tests.Jobs;
using Qube.Storage;
using Qube.Wire;
using Xunit;
using LogEntry = Qube.Actors.LogEntry;

namespace Qube.Actors.Tests.Paging;

/// <summary>No message over 64 kB (design §8), and nothing lost by it: a big job asked from another actor system, over real remoting that drops what is
/// larger.</summary>
public sealed class PagingTests : IDisposable
{
    private const int MaxBytes = 64_000;
    private const int Items = 20_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string folder = Directory.CreateTempSubdirectory("qube-pages-").FullName;
    private readonly ActorSystem near;
    private readonly ActorSystem far;

    public PagingTests()
    {
        near = ActorSystem.Create("near", Remoting.WithFallback(StorageConfig.Sqlite(folder)).WithFallback(WireConfig.Bindings()));
        far = ActorSystem.Create("far", Remoting.WithFallback(WireConfig.Bindings()));
    }

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 40));

    private static Config Remoting => ConfigurationFactory.ParseString(
        $"""
        akka.loglevel = WARNING
        akka.stdout-loglevel = OFF
        akka.actor.provider = remote
        akka.actor.serialization-settings.allow-unregistered-types = off
        akka.remote.dot-netty.tcp.hostname = "127.0.0.1"
        akka.remote.dot-netty.tcp.port = 0
        akka.remote.dot-netty.tcp.maximum-frame-size = {MaxBytes}b
        """);

    public void Dispose()
    {
        far.Terminate().Wait(Limit);
        near.Terminate().Wait(Limit);
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_be_under_64_kB_when_a_big_job_speaks_to_a_worker(int seed)
    {
        object[] said = [BigMessages.Sync(new Random(seed), whole: true), BigMessages.Sync(new Random(-seed), whole: false), BigMessages.HandOut(new Random(seed)), BigMessages.Stop(new Random(seed))];
        foreach (var page in said.SelectMany(WorkerPages.Of))
        {
            Assert.InRange(WireModel.LengthOf(page), 1, MaxBytes);
        }
    }

    [Fact]
    public async Task Should_answer_whole_when_a_big_job_is_asked_from_another_process()
    {
        var job = await CreatedAsync();
        var address = Akka.Serialization.Serialization.SerializedActorPath(job);
        var remote = ((ExtendedActorSystem)far).Provider.ResolveActorRef(address);
        Assert.False(remote.Path.Address.HasLocalScope);

        // Every other one killed, by name, and retried by somebody with a long name: of the source's intervals, of what a verb has changed and of
        // the history's lines there are thousands.
        var verb = new JobMessages.ControlJob { JobId = new JobId(300), RequestId = "kill", Verb = JobVerb.Kill, Scope = VerbScope.Work, Items = [.. Enumerable.Range(0, Items / 2).Select(n => $"scene {2 * n}")] };
        Assert.Equal(Items / 2, (await job.AskFarm<JobMessages.ControlDone>(verb, "job", Limit, CancellationToken.None)).Affected.Length);
        await SameAsync<JobMessages.ControlDone>(job, remote, verb with { Items = [] });
        foreach (var time in Enumerable.Range(0, 200))
        {
            await job.Ask<JobMessages.ControlDone>(verb with { RequestId = $"top {time}", Verb = JobVerb.Top, Items = [], User = new string('u', 400) }, Limit);
        }

        await SameAsync<JobMessages.JobReply>(job, remote, new JobMessages.GetJob { JobId = new JobId(300), Agenda = true, Subjobs = true });
        await SameAsync<JobMessages.HistoryReply>(job, remote, new JobMessages.GetHistory { JobId = new JobId(300) });
        await SameAsync<JobMessages.Source>(job, remote, new JobMessages.GetSource { JobId = new JobId(300) });
    }

    private static async Task SameAsync<T>(IActorRef job, IActorRef remote, object question)
    {
        var here = await job.Ask<T>(question, Limit);
        var first = await remote.Ask<object>(question, Limit);
        var there = await remote.AskFarm<T>(question, "job", Limit, CancellationToken.None);

        // Compared as text, but for the asking: half a megabyte of difference is not to be read.
        Assert.True(JsonSerializer.Serialize(here) == JsonSerializer.Serialize(there), $"{typeof(T).Name}: the answer from afar is not the one from here");
        Assert.IsType<JobMessages.Page>(first);
    }

    private async Task<IActorRef> CreatedAsync()
    {
        var settings = new FarmSettings
        {
            Time = TimeProvider.System,
            LogPath = folder,
            SupervisorUrl = "http://nowhere",
            ReadLog = async (log, from) => [.. (await LogReader.ReadAsync(near, log, from, long.MaxValue, long.MaxValue)).Events.Select(entry => new LogEntry(entry.SequenceNr, entry.Payload))],
            KnownNew = KnownNewIds.Get(near).Add,
            Scripts = null!,
        };
        var no = ActorRefs.Nobody;
        var job = near.ActorOf(JobActor.Props(new JobId(300), new FarmRefs(no, no, no, no, no, no, no, no), settings));
        var spec = new JobSpec
        {
            JobId = new JobId(300),
            Pgrp = 300,
            Instances = 500,
            Agenda = new AgendaSpec { Parts = [new AgendaPart { Kind = AgendaPart.NamesKind, Names = [.. Enumerable.Range(0, Items).Select(n => $"scene {n}")] }] },
        };
        await job.Ask<JobMessages.JobCreated>(new JobMessages.CreateJob { JobId = new JobId(300), Spec = spec }, Limit);
        return job;
    }
}

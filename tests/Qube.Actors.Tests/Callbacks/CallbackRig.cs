using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Qube.Actors.Tests.Workers;
using Qube.Contracts;
using Qube.Contracts.Scripts;
using Qube.Storage;
using Qube.Wire;
using Xunit;

namespace Qube.Actors.Tests.Callbacks;

/// <summary>Callbacks on a real SQLite journal, their parent and peers played by the test, time passing when it says so.</summary>
public abstract class CallbackRig : TestKit
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly string _folder;
    private readonly ConcurrentDictionary<string, bool> _applied = new();
    private int _owners;

    protected CallbackRig()
        : this(Directory.CreateTempSubdirectory("qube-callbacks-").FullName)
    {
    }

    private CallbackRig(string folder)
        : base(WireConfig.Bindings().WithFallback(StorageConfig.Sqlite(folder)))
    {
        _folder = folder;
        Bus = CreateTestProbe("bus");
        Jobs = CreateTestProbe("jobs");
        Farm = CreateTestProbe("farm");
        Hosts = CreateTestProbe("hosts");
        Dispatcher = CreateTestProbe("dispatcher");
        Refs = Probes.Farm(dispatcher: Dispatcher, bus: Bus, farm: Farm, jobs: Jobs, hosts: Hosts);
        Settings = new FarmSettings
        {
            Time = Time,
            LogPath = folder,
            SupervisorUrl = "http://nowhere",
            ReadLog = async (log, from) => [.. (await LogReader.ReadAsync(Sys, log, from, long.MaxValue, long.MaxValue)).Events.Select(entry => new LogEntry(entry.SequenceNr, entry.Payload))],
            KnownNew = _ => { },
            Scripts = new NoScripts(),
            FlushHoldMs = 0,
        };
    }

    internal ManualTime Time { get; } = new();

    internal TestProbe Bus { get; }

    internal TestProbe Jobs { get; }

    internal TestProbe Farm { get; }

    internal TestProbe Hosts { get; }

    internal TestProbe Dispatcher { get; }

    internal FarmRefs Refs { get; }

    internal FarmSettings Settings { get; }

    internal long NowSeconds => Time.GetUtcNow().ToUnixTimeSeconds();

    internal long NowMs => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A job with one callback for each trigger, in language qube.</summary>
    internal JobSpec Job(params string[] triggers) => new()
    {
        JobId = new JobId(300),
        Pgrp = 300,
        SubmissionFirstId = 300,
        Instances = 2,
        SubmittedAtMs = NowMs,
        FarmCursor = 1,
        Callbacks = [.. triggers.Select((trigger, at) => new CallbackSpec { Id = at + 1, Triggers = trigger, Language = "qube", Code = "block-self", User = "ann" })],
    };

    /// <summary>Starts the callbacks and, for a job that is new, says that it was submitted.</summary>
    internal IActorRef Start(JobSpec spec) =>
        Sys.ActorOf(Props.Create(() => new CallbackOwner(spec, Refs, Settings, TestActor, _applied)), $"owner-{++_owners}");

    /// <summary>As kill -9 would: nothing more is written or said.</summary>
    internal void Kill(IActorRef owner)
    {
        Watch(owner);
        Sys.Stop(owner);
        FishForMessage<Terminated>(_ => true, Limit);
    }

    /// <summary>The next firing: its callback and what follows its job's and callback's number in its id.</summary>
    internal (int Callback, string Cause) Fired()
    {
        var command = FishForMessage<JobMessages.ControlJob>(_ => true, Limit);
        var parts = command.RequestId.Split('/', 3);
        return (int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), parts[2]);
    }

    /// <summary>Nothing was fired by all that was told so far: behind it comes the answer to a question.</summary>
    internal void NothingFired(IActorRef owner)
    {
        owner.Tell(new Qube.Actors.Callbacks.CallbackActor.Describe(new JobMessages.JobReply { Json = "{\"id\":0}" }), TestActor);
        var seen = FishForMessage(message => message is JobMessages.ControlJob or JobMessages.JobReply, Limit);
        Assert.IsType<JobMessages.JobReply>(seen);
    }

    /// <summary>Writes an entry into a log.</summary>
    internal async Task<long> Write(IActorRef log, object entry) => await log.Ask<long>(entry, Limit);

    internal IActorRef LogOf(string persistenceId) => Sys.ActorOf(Props.Create(() => new LogWriter(persistenceId)));

    protected override void AfterAll()
    {
        base.AfterAll();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class NoScripts : IScriptRunner
    {
        public Task<ScriptOutcome> RunAsync(ScriptRun run, CancellationToken ct) => Task.FromResult(new ScriptOutcome(new ScriptExit.Completed(), 0, 0));
    }
}

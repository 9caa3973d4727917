using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Microsoft.Data.Sqlite;
using Qube.Actors;
using Qube.Actors.Jobs;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Load.Measure;
using Qube.Storage;
using Qube.Wire;

namespace Qube.Load.Scenarios;

/// <summary>How long a job of many frames, all of them run, takes to be there again: by its whole log, and by its snapshot. The log is written as a job
/// would have written it: by commits of many frames, as of frames of a millisecond, or of two, as of real renders.</summary>
internal static class JobRecovery
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>A job of few frames, recovered first in every life: what is measured after it is a recovery, not the stores' own start.</summary>
    private static readonly JobId Small = new(250);

    public static Scenario Create(LoadOptions options)
    {
        var frames = options.Smoke ? 2_000 : 200_000;
        (string Name, JobId Id, int FramesPerCommit)[] jobs = [("commits of 170 frames", new JobId(300), 170), ("commits of 2 frames", new JobId(301), 2)];
        var folder = "";
        var (whole, saved) = (jobs.Select(_ => new Spread()).ToArray(), jobs.Select(_ => new Spread()).ToArray());
        var (freeze, make, bytes) = (new Spread(), new Spread(), 0L);

        async Task Recover(JobId id, bool isSaved, Spread into)
        {
            using var life = new Life(folder, isSaved ? 1 : 0);
            await life.Ask(Small);
            var watch = Stopwatch.StartNew();
            var source = await life.Ask(id);
            into.Add(watch.Elapsed.TotalMilliseconds);
            Check(source, frames);
        }

        return new Scenario
        {
            Name = "recovery",
            Title = $"a job of {frames} frames is recovered",
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 5),
            Init = async () =>
            {
                folder = Directory.CreateTempSubdirectory("qube-load-").FullName;
                using var life = new Life(folder, 0);
                foreach (var (_, id, framesPerCommit) in jobs)
                {
                    await life.Write(id, Log(id, frames, framesPerCommit));
                }

                await life.Write(Small, Log(Small, 10, 1));
            },
            WarmUp = async () =>
            {
                foreach (var (_, id, _) in jobs)
                {
                    await Recover(id, isSaved: false, new Spread());
                }
            },
            Steps =
            [
                .. jobs.Select((job, index) => new Step($"{job.Name}, whole log", async () =>
                {
                    DeleteSnapshots(folder);
                    await Recover(job.Id, isSaved: false, whole[index]);
                })),
                new("snapshots written", async () =>
                {
                    using var life = new Life(folder, 1);
                    foreach (var (_, id, _) in jobs)
                    {
                        Check(await life.Ask(id), frames);
                    }

                    await life.Ask(Small);
                    bytes = await Saved(folder, jobs.Length + 1);
                }),
                .. jobs.Select((job, index) => new Step($"{job.Name}, from its snapshot", () => Recover(job.Id, isSaved: true, saved[index]))),
                new("a snapshot made", () =>
                {
                    var state = Folded(Log(jobs[0].Id, frames, jobs[0].FramesPerCommit));
                    var watch = Stopwatch.StartNew();
                    var frozen = state.Freeze();
                    freeze.Add(watch.Elapsed.TotalMilliseconds);
                    watch.Restart();
                    using var stream = new MemoryStream();
                    WireModel.Model.Serialize(stream, frozen());
                    make.Add(watch.Elapsed.TotalMilliseconds);
                    return Task.CompletedTask;
                }),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(
            [
                .. jobs.Select((job, index) => new Figure
                {
                    Name = $"a job of {frames} frames recovered from its snapshot, {job.Name}",
                    Value = saved[index].Median,
                    Unit = "ms",
                    Reference = "by its whole log",
                    ReferenceValue = whole[index].Median,
                    Ratio = saved[index].Median / whole[index].Median,
                    Spread = saved[index].ToString(),
                }),
                new Figure { Name = "its snapshot, on the job's own time", Value = freeze.Median, Unit = "ms", Spread = freeze.ToString() },
                new Figure { Name = "its snapshot, on another thread", Value = make.Median, Unit = "ms", Spread = make.ToString() },
                new Figure { Name = "its snapshot, bytes a frame", Value = (double)bytes / (jobs.Length * frames), Unit = "bytes" },
            ]),
            Clean = () =>
            {
                SqliteConnection.ClearAllPools();
                Directory.Delete(folder, recursive: true);
                return Task.CompletedTask;
            },
        };
    }

    private static void Check(JobMessages.Source source, int frames)
    {
        if (source.Status != Contracts.Status.Complete || !source.CompleteItems.SequenceEqual([0, frames - 1]))
        {
            throw new InvalidOperationException($"expected {frames} complete frames, found {source.Status} with {string.Join(',', source.CompleteItems)}");
        }
    }

    private static JobState Folded(List<object> log)
    {
        var state = new JobState((JobEvents.Created)log[0]);
        foreach (var batch in log.Skip(1).Cast<JobEvents.Batch>())
        {
            state.Apply(batch);
        }

        return state;
    }

    private static List<object> Log(JobId id, int frames, int framesPerCommit)
    {
        var spec = new JobSpec
        {
            JobId = id,
            Pgrp = id.Value,
            Agenda = new AgendaSpec { Parts = [new AgendaPart { Kind = AgendaPart.FramesKind, First = 1, Last = frames, Step = 1 }] },
        };
        var log = new List<object>
        {
            new JobEvents.Created { Spec = spec, AtMs = 1 },
            Batch(1, [new Transition { Kind = TransitionKind.EpochStarted, Attempt = 1 }, Instance(Contracts.Status.Registering), Instance(Contracts.Status.Running)]),
        };
        for (var first = 0; first < frames; first += framesPerCommit)
        {
            var start = 1_764_000_000_000 + (first * 20L);
            log.Add(Batch(start, [.. Enumerable.Range(first, Math.Min(framesPerCommit, frames - first)).SelectMany(seq => (Transition[])
            [
                new Transition { Kind = TransitionKind.ItemAssigned, Seq = seq, Instance = 0, Attempt = 1, StartedMs = start },
                new Transition { Kind = TransitionKind.ItemEnded, Seq = seq, Instance = 0, Attempt = 1, Status = Contracts.Status.Complete, StartedMs = start + (seq % 7), EndedMs = start + 20 + (seq % 5) },
            ])]));
        }

        log.Add(Batch(1, [new Transition { Kind = TransitionKind.InstanceLeft, Instance = 0 }, Instance(Contracts.Status.Complete), new Transition { Kind = TransitionKind.JobStatus, Status = Contracts.Status.Complete }]));
        return log;
    }

    private static JobEvents.Batch Batch(long atMs, Transition[] transitions) => new() { AtMs = atMs, Transitions = transitions };

    private static Transition Instance(Contracts.Status status) => new() { Kind = TransitionKind.InstanceStatus, Instance = 0, Status = status, Host = "h", Attempt = 1, Text = "host.processors=1" };

    private static void DeleteSnapshots(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, StorageConfig.SnapshotFile)}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM snapshot";
        command.ExecuteNonQuery();
    }

    private static async Task<long> Saved(string folder, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, StorageConfig.SnapshotFile)}");
        connection.Open();
        while (true)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*), SUM(LENGTH(snapshot)) FROM snapshot";
            using var row = command.ExecuteReader();
            if (row.Read() && row.GetInt32(0) == count)
            {
                return row.GetInt64(1);
            }

            await Task.Delay(20, limit.Token);
        }
    }

    /// <summary>An actor system on the folder's stores, with jobs that speak to nobody.</summary>
    private sealed class Life : IDisposable
    {
        private readonly ActorSystem system;
        private readonly FarmSettings settings;

        public Life(string folder, int snapshotCommits)
        {
            system = ActorSystem.Create("recovery", ConfigurationFactory.ParseString("akka.loglevel = WARNING").WithFallback(StorageConfig.Sqlite(folder)).WithFallback(WireConfig.Bindings()));
            settings = new FarmSettings { Time = TimeProvider.System, LogPath = folder, SupervisorUrl = "", ReadLog = null!, KnownNew = null!, Scripts = null!, SnapshotCommits = snapshotCommits };
        }

        /// <summary>A new life of the job, once it answers: its epoch is on file then.</summary>
        public Task<JobMessages.Source> Ask(JobId id)
        {
            var no = ActorRefs.Nobody;
            var job = system.ActorOf(JobActor.Props(id, new FarmRefs(no, no, no, no, no, no, no, no), settings));
            return job.Ask<JobMessages.Source>(new JobMessages.GetSource { JobId = id }, Limit);
        }

        public Task Write(JobId id, List<object> log) => system.ActorOf(Props.Create(() => new Writer(Names.Job(id)))).Ask<string>(log, Limit);

        public void Dispose() => system.Terminate().Wait(Limit);
    }

    private sealed class Writer(string persistenceId) : UntypedPersistentActor
    {
        public override string PersistenceId => persistenceId;

        protected override void OnCommand(object message)
        {
            var asker = Sender;
            var left = ((List<object>)message).Count;
            PersistAllAsync((List<object>)message, _ =>
            {
                if (--left == 0)
                {
                    asker.Tell("written");
                }
            });
        }

        protected override void OnRecover(object message)
        {
        }
    }
}

using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Qube.Storage.Tests.Journal;

/// <summary>What only the journal on SQLite can be asked.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-sqlite-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Should_refuse_every_write_and_recovery_with_the_reason_when_the_file_cannot_have_a_write_ahead_log()
    {
        var storage = ConfigurationFactory.ParseString($"{StorageConfig.JournalPluginId}.connection-string = \"Data Source=:memory:\"")
            .WithFallback(StorageConfig.Sqlite(_folder));
        var system = new JournalHarness(storage);

        var write = system.Send(JournalHarness.Atomic("job-1", 1, new Noted("a")));
        var failed = write.ExpectMsg<WriteMessagesFailed>(Eventually.Limit);
        Assert.Contains("cannot use a write-ahead log (SQLite answers journal_mode = memory)", failed.Cause.Message);
        var read = await Assert.ThrowsAsync<IOException>(() => system.ReadLog("job-1"));
        Assert.Contains("cannot use a write-ahead log", read.Message);
        var health = await Persistence.Instance.Apply(system.Sys).CheckJournalHealthAsync(StorageConfig.JournalPluginId, CancellationToken.None);
        Assert.Equal(PersistenceHealthStatus.Unhealthy, health.Status);
        await system.StopAsync();
    }

    [Fact]
    public async Task Should_keep_a_write_ahead_log_and_its_own_files_when_started()
    {
        var system = new JournalHarness(StorageConfig.Sqlite(_folder));
        var writer = system.Noting("job-1");
        await writer.Ask<NotingActor.Stored>(new NotingActor.Note("a"), Eventually.Limit);
        await writer.Ask<SaveSnapshotSuccess>(new NotingActor.Snapshot(), Eventually.Limit);
        await system.StopAsync();

        Assert.Equal("wal", Scalar(StorageConfig.JournalFile, "PRAGMA journal_mode"));
        Assert.Equal("wal", Scalar(StorageConfig.SnapshotFile, "PRAGMA journal_mode"));
        Assert.Equal("0", Scalar(StorageConfig.JournalFile, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'snapshot'"));
        Assert.Equal("1", Scalar(StorageConfig.SnapshotFile, "SELECT COUNT(*) FROM snapshot"));
    }

    [Fact]
    public async Task Should_be_readable_by_the_stock_plugin_when_the_journal_wrote_and_the_other_way_round()
    {
        var ours = new JournalHarness(StorageConfig.Sqlite(_folder));
        await ours.Noting("job-1").Ask<NotingActor.State>(new NotingActor.NoteAsync("a", "b"), Eventually.Limit);
        await ours.StopAsync();

        var stock = new JournalHarness(StockPlugin($"{_folder}/{StorageConfig.JournalFile}"));
        var theirWriter = stock.Noting("job-1");
        Assert.Equal(["a", "b"], (await stock.StateOf(theirWriter)).Texts);
        Assert.Equal(3, (await theirWriter.Ask<NotingActor.Stored>(new NotingActor.Note("c"), Eventually.Limit)).SequenceNr);
        Assert.Equal([(1L, "a"), (2L, "b"), (3L, "c")], await StockQuery.EventsOf(stock.Sys, "job-1"));
        await stock.StopAsync();

        var again = new JournalHarness(StorageConfig.Sqlite(_folder));
        Assert.Equal(["a", "b", "c"], (await again.RecoveredState("job-1")).Texts);
        await again.StopAsync();
    }

    [Fact]
    public async Task Should_run_on_a_file_that_the_stock_plugin_created()
    {
        var path = $"{_folder}/{StorageConfig.JournalFile}";
        using (var connection = new SqliteConnection($"Data Source={path}"))
        {
            connection.Open();
            using var wal = connection.CreateCommand();
            wal.CommandText = "PRAGMA journal_mode=WAL";
            wal.ExecuteNonQuery();
        }

        var stock = new JournalHarness(StockPlugin(path));
        await stock.Noting("job-1").Ask<NotingActor.State>(new NotingActor.NoteAsync("a", "b"), Eventually.Limit);
        await stock.StopAsync();

        var ours = new JournalHarness(StorageConfig.Sqlite(_folder));
        var writer = ours.Noting("job-1");
        Assert.Equal(3, (await writer.Ask<NotingActor.Stored>(new NotingActor.Note("c"), Eventually.Limit)).SequenceNr);
        Assert.Equal(["a", "b", "c"], await ours.Texts("job-1"));
        await ours.StopAsync();
    }

    [Fact]
    public async Task Should_fail_writes_while_the_disk_is_full_and_write_again_when_there_is_space()
    {
        // A limit on the size of files stands for the full disk: it can be given to a running process, and taken from it.
        var (failures, acknowledged, acknowledgedAfterwards) = (0, 0, 0);
        var isMended = false;
        var (isRunning, isFull, goesOn) = (Signal(), Signal(), Signal());
        using var process = WriterProcess.Start(
            ("sqlite", _folder),
            actors: 1,
            line =>
            {
                if (line == "FAILED" && ++failures >= 3)
                    isFull.TrySetResult();
                if (line?.StartsWith("killed-", StringComparison.Ordinal) != true)
                    return;
                if (++acknowledged >= 50)
                    isRunning.TrySetResult();
                if (Volatile.Read(ref isMended) && ++acknowledgedAfterwards >= 100)
                    goesOn.TrySetResult();
            },
            shellPrefix: "trap '' XFSZ;");
        try
        {
            await isRunning.Task.WaitAsync(Eventually.Limit);
            // Less than its log has already, which could otherwise begin anew from its start and be written for long.
            await LimitFileSize(process.Id, "100000");
            await isFull.Task.WaitAsync(Eventually.Limit);
            Volatile.Write(ref isMended, true);
            await LimitFileSize(process.Id, "unlimited");
            await goesOn.Task.WaitAsync(Eventually.Limit);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync().WaitAsync(Eventually.Limit);
        }

        var system = new JournalHarness(StorageConfig.Sqlite(_folder));
        var texts = await system.Texts("killed-0");
        await system.StopAsync();
        Assert.True(texts.Length >= acknowledged, $"{acknowledged} events were acknowledged, {texts.Length} are there");
        Assert.Equal(Enumerable.Range(0, texts.Length).Select(n => $"{n}"), texts);
    }

    [Fact]
    public async Task Should_load_snapshots_without_waiting_for_those_being_saved()
    {
        var system = new JournalHarness(StorageConfig.Sqlite(_folder));
        var writers = Enumerable.Range(0, 60).Select(i => system.Noting($"job-{i}")).ToList();
        await Task.WhenAll(writers.Select(w => w.Ask<NotingActor.Stored>(new NotingActor.Note("a"), Eventually.Limit)));
        await Task.WhenAll(writers.Select(w => w.Ask<SaveSnapshotSuccess>(new NotingActor.Snapshot(), Eventually.Limit)));

        // Saves and loads side by side: all of them succeed, and no load sees less than the first snapshot.
        var saves = writers.Select(w => w.Ask<SaveSnapshotSuccess>(new NotingActor.Snapshot(), Eventually.Limit)).ToList();
        var states = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => system.RecoveredState($"job-{i}")));
        await Task.WhenAll(saves);
        await system.StopAsync();
        Assert.All(states, s => Assert.Equal("a", s.Snapshot));
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task LimitFileSize(int pid, string bytes)
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{pid}", $"--fsize={bytes}:"]);
        await prlimit.WaitForExitAsync().WaitAsync(Eventually.Limit);
        Assert.Equal(0, prlimit.ExitCode);
    }

    private static Config StockPlugin(string path) => ConfigurationFactory.ParseString(
        $"""
        akka.persistence.journal.plugin = "akka.persistence.journal.sql"
        akka.persistence.journal.sql.connection-string = "Data Source={path}"
        akka.persistence.journal.sql.provider-name = "SQLite.MS"
        akka.persistence.journal.sql.tag-write-mode = Csv
        akka.persistence.query.journal.sql.connection-string = "Data Source={path}"
        akka.persistence.query.journal.sql.provider-name = "SQLite.MS"
        akka.persistence.query.journal.sql.tag-read-mode = Csv
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """).WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration);

    private string Scalar(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder}/{file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }
}

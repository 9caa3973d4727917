using Akka.Actor;
using Akka.Persistence;
using Npgsql;
using Xunit;

namespace Qube.Storage.Tests.Journal;

/// <summary>What only the journal on PostgreSQL can be asked; each test has a server of its own to mistreat.</summary>
public sealed class PostgresStoreTests
{
    [Fact]
    public async Task Should_refuse_with_the_setting_to_change_when_the_server_does_not_sync()
    {
        using var server = PostgresServer.With("fsync=off");
        var system = new JournalHarness(StorageConfig.PostgreSql(server.NewDatabase()));

        var failed = system.Send(JournalHarness.Atomic("job-1", 1, new Noted("a"))).ExpectMsg<WriteMessagesFailed>(Eventually.Limit);

        Assert.Contains("runs with fsync = off", failed.Cause.Message);
        Assert.Contains("Set fsync = on", failed.Cause.Message);
        await system.StopAsync();
        NpgsqlConnection.ClearAllPools();
    }

    [Fact]
    public async Task Should_fail_writes_while_the_server_is_away_and_lose_nothing_when_it_is_back()
    {
        using var server = PostgresServer.With("fsync=on");
        var system = new JournalHarness(StorageConfig.PostgreSql(server.NewDatabase()));
        var writer = system.Noting("job-1");
        await writer.Ask<NotingActor.Stored>(new NotingActor.Note("a"), Eventually.Limit);

        server.StopAtOnce();
        var watcher = system.CreateTestProbe();
        watcher.Watch(writer);
        writer.Tell(new NotingActor.Note("never acknowledged"));
        watcher.ExpectTerminated(writer, Eventually.Limit);
        await Assert.ThrowsAsync<IOException>(() => system.ReadLog("job-1"));

        server.Start();
        var page = await Eventually.Get(
            "job-1 to be readable",
            async () =>
            {
                try
                {
                    return await system.ReadLog("job-1");
                }
                catch (IOException away)
                {
                    return new LogPage(away.Message, [], 0);
                }
            },
            p => p.HighestSequenceNr > 0);
        Assert.Equal([new Noted("a")], page.Events.Select(e => e.Payload));
        Assert.Equal(2, (await system.Noting("job-1").Ask<NotingActor.Stored>(new NotingActor.Note("b"), Eventually.Limit)).SequenceNr);
        await system.StopAsync();
        NpgsqlConnection.ClearAllPools();
    }

    [Fact]
    public async Task Should_create_the_tables_once_when_three_supervisors_start_at_once()
    {
        using var server = PostgresServer.With("fsync=on");
        var storage = StorageConfig.PostgreSql(server.NewDatabase());
        var systems = Enumerable.Range(0, 3).Select(_ => new JournalHarness(storage)).ToList();

        var stored = await Task.WhenAll(systems.Select((s, i) => s.Noting($"job-{i}").Ask<NotingActor.Stored>(new NotingActor.Note("a"), Eventually.Limit)));

        Assert.All(stored, s => Assert.Equal(1, s.SequenceNr));
        Assert.Equal(["a"], await systems[0].Texts("job-2"));
        foreach (var system in systems)
            await system.StopAsync();
        NpgsqlConnection.ClearAllPools();
    }
}

using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Storage.Tests.Journal;

/// <summary>What the journal promises, whatever database it stands on. Each test gets a store of its own.</summary>
public abstract partial class JournalContract : IAsyncLifetime
{
    private readonly ITestOutputHelper _output;
    private readonly Config _storage;
    private readonly List<JournalHarness> _systems = [];

    private protected JournalContract(ITestOutputHelper output, Config storage)
    {
        _output = output;
        _storage = storage;
    }

    /// <summary>Store and connection as <see cref="WriterProcess"/> takes them.</summary>
    protected abstract (string Store, string Connection) ForWriterProcess { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var system in _systems)
            await system.StopAsync();
    }

    [Fact]
    public async Task Should_replay_events_in_order_when_an_actor_recovers()
    {
        var system = Start();
        var writer = system.Noting("job-1");
        for (var i = 1; i <= 50; i++)
        {
            var stored = await writer.Ask<NotingActor.Stored>(new NotingActor.Note($"e{i}"), Eventually.Limit);
            Assert.Equal(i, stored.SequenceNr);
        }

        var state = await system.RecoveredState("job-1");
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"e{i}"), state.Texts);
        Assert.Equal(50, state.SequenceNr);
    }

    [Fact]
    public async Task Should_keep_every_log_apart_when_many_actors_write_at_once()
    {
        var system = Start();
        var writers = Enumerable.Range(0, 200).Select(i => system.Noting($"many-{i}")).ToList();
        await Task.WhenAll(writers.SelectMany((w, i) => Enumerable.Range(0, 10).Select(n => w.Ask<NotingActor.Stored>(new NotingActor.Note($"{i}:{n}"), Eventually.Limit))));

        for (var i = 0; i < writers.Count; i++)
            Assert.Equal(Enumerable.Range(0, 10).Select(n => $"{i}:{n}"), await system.Texts($"many-{i}"));
    }

    [Fact]
    public async Task Should_keep_the_order_when_events_are_persisted_asynchronously_and_in_batches()
    {
        var system = Start();
        var writer = system.Noting("job-1");
        var first = await writer.Ask<NotingActor.State>(new NotingActor.NoteAsync("a", "b", "c"), Eventually.Limit);
        Assert.Equal(["a", "b", "c"], first.Texts);
        writer.Tell(new NotingActor.NoteAll("d", "e"));
        writer.Tell(new NotingActor.Note("f"));
        var last = await writer.Ask<NotingActor.State>(new NotingActor.NoteAsync("g"), Eventually.Limit);
        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], last.Texts);

        Assert.Equal(["a", "b", "c", "d", "e", "f", "g"], (await system.RecoveredState("job-1")).Texts);
    }

    [Fact]
    public async Task Should_commit_a_write_for_which_nobody_waits_with_the_next_or_by_itself_and_show_it_to_readers()
    {
        var system = Start();
        Assert.Equal(["Success"], JournalHarness.Outcomes(system.Send(JournalHarness.Atomic("job-1", 1, new Ticked())), 1));

        var held = system.Send(JournalHarness.Atomic("job-1", 2, new Ticked()));
        Assert.Equal(2, (await system.ReadLog("job-1")).HighestSequenceNr);
        var with = system.Send(JournalHarness.Atomic("job-2", 1, new Noted("a")));
        Assert.Equal(["Success"], JournalHarness.Outcomes(held, 1));
        Assert.Equal(["Success"], JournalHarness.Outcomes(with, 1));
        Assert.Equal(["a"], await system.Texts("job-2"));
    }

    [Fact]
    public async Task Should_store_nothing_of_a_batch_when_one_of_its_sequence_numbers_exists()
    {
        var system = Start();
        Assert.Equal(["Success"], JournalHarness.Outcomes(system.Send(JournalHarness.Atomic("job-1", 3, new Noted("three"))), 1));

        var batch = system.Send(JournalHarness.Atomic("job-1", 1, new Noted("one"), new Noted("two"), new Noted("another three")));
        Assert.Equal(["Failure", "Failure", "Failure"], JournalHarness.Outcomes(batch, 3));

        Assert.Equal(["three"], await system.Texts("job-1"));
    }

    [Fact]
    public async Task Should_fail_only_the_writer_of_an_existing_sequence_number_when_many_write_at_once()
    {
        var system = Start();
        for (var i = 0; i < 100; i += 10)
            Assert.Equal(["Success"], JournalHarness.Outcomes(system.Send(JournalHarness.Atomic($"job-{i}", 1, new Noted("first"))), 1));

        var probes = Enumerable.Range(0, 100).Select(i => system.Send(JournalHarness.Atomic($"job-{i}", 1, new Noted("second"), new Noted("third")))).ToList();

        for (var i = 0; i < 100; i++)
        {
            var isPoisoned = i % 10 == 0;
            Assert.Equal(isPoisoned ? ["Failure", "Failure"] : ["Success", "Success"], JournalHarness.Outcomes(probes[i], 2));
            Assert.Equal(isPoisoned ? ["first"] : ["second", "third"], await system.Texts($"job-{i}"));
        }
    }

    [Fact]
    public async Task Should_stop_the_second_of_two_writers_when_both_own_one_log()
    {
        var system = Start();
        var old = system.Noting("job-1");
        await old.Ask<NotingActor.Stored>(new NotingActor.Note("a"), Eventually.Limit);
        var successor = system.Noting("job-1");
        await successor.Ask<NotingActor.Stored>(new NotingActor.Note("b"), Eventually.Limit);

        var watcher = system.CreateTestProbe();
        watcher.Watch(old);
        old.Tell(new NotingActor.Note("from a stale owner"));
        watcher.ExpectTerminated(old, Eventually.Limit);

        Assert.Equal(["a", "b"], await system.Texts("job-1"));
    }

    [Fact]
    public async Task Should_reject_only_the_event_that_cannot_be_serialized_when_others_are_written_with_it()
    {
        var system = Start();
        var mixed = system.Send(
            JournalHarness.Atomic("job-1", 1, new Noted("a")),
            JournalHarness.Atomic("job-1", 2, new Unwritable()),
            JournalHarness.Atomic("job-1", 2, new Noted("b"), new Noted("c")));
        Assert.Equal(["Success", "Rejected", "Success", "Success"], JournalHarness.Outcomes(mixed, 4));
        Assert.Equal(["a", "b", "c"], await system.Texts("job-1"));
    }

    [Fact]
    public async Task Should_keep_serializer_id_manifest_and_tags_when_an_event_is_stored()
    {
        var system = Start();
        Assert.Equal(["Success", "Success"], JournalHarness.Outcomes(system.Send(JournalHarness.Atomic("job-1", 1, new Ticked(), new Tagged(new Noted("x"), ["red", "blue"]))), 2));

        var events = (await system.ReadLog("job-1")).Events;
        Assert.Equal([new Ticked(), new Noted("x")], events.Select(e => e.Payload));
        Assert.Equal(["t1", "n1"], events.Select(e => e.Manifest));
        await system.StopAsync();

        var rows = ReadRows();
        Assert.Equal([(TestEventSerializer.Id, "t1", ""), (TestEventSerializer.Id, "n1", ";blue;red;")], rows);
    }

    /// <summary>Every row by its order: serializer id, manifest, tags (those between semicolons sorted), read without any of our code.</summary>
    protected abstract IReadOnlyList<(int SerializerId, string Manifest, string Tags)> ReadRows();

    [Theory]
    [InlineData(1, long.MaxValue, long.MaxValue, 1, 2500)]
    [InlineData(3, 7, long.MaxValue, 3, 5)]
    [InlineData(3, 7, 2, 3, 2)]
    [InlineData(2400, 9999, 1000, 2400, 101)]
    [InlineData(1, long.MaxValue, 1700, 1, 1700)]
    [InlineData(2501, long.MaxValue, 10, 0, 0)]
    [InlineData(1, 0, long.MaxValue, 0, 0)]
    [InlineData(1, long.MaxValue, 0, 0, 0)]
    public async Task Should_replay_the_range_that_was_asked_for_when_a_log_is_long(long from, long to, long max, int firstSeen, int count)
    {
        var system = Start();
        var all = Enumerable.Range(1, 2500).Select(object (i) => new Noted($"{i}")).ToArray();
        Assert.All(JournalHarness.Outcomes(system.Send(JournalHarness.Atomic("job-1", 1, all)), 2500), outcome => Assert.Equal("Success", outcome));

        var page = await system.ReadLog("job-1", from, to, max);

        Assert.Equal(2500, page.HighestSequenceNr);
        Assert.Equal(Enumerable.Range(firstSeen, count).Select(i => (long)i), page.Events.Select(e => e.SequenceNr));
        Assert.Equal(Enumerable.Range(firstSeen, count).Select(i => new Noted($"{i}")), page.Events.Select(e => e.Payload));
    }

    [Fact]
    public async Task Should_answer_zero_when_a_log_does_not_exist()
    {
        var system = Start();
        var page = await system.ReadLog("nobody");
        Assert.Equal(0, page.HighestSequenceNr);
        Assert.Empty(page.Events);
    }

    [Fact]
    public async Task Should_send_replayed_messages_and_then_success_when_a_log_is_requested_directly()
    {
        var system = Start();
        Assert.Equal(["Success", "Success"], JournalHarness.Outcomes(system.Send(JournalHarness.Atomic("job-1", 1, new Noted("a"), new Noted("b"))), 2));

        var probe = system.CreateTestProbe();
        LogReader.Request(system.Sys, "job-1", 1, long.MaxValue, long.MaxValue, probe.Ref);
        Assert.Equal(new Noted("a"), probe.ExpectMsg<ReplayedMessage>(Eventually.Limit).Persistent.Payload);
        Assert.Equal(new Noted("b"), probe.ExpectMsg<ReplayedMessage>(Eventually.Limit).Persistent.Payload);
        Assert.Equal(2, probe.ExpectMsg<RecoverySuccess>(Eventually.Limit).HighestSequenceNr);
        await system.StopAsync();
    }

    [Fact]
    public async Task Should_see_a_write_in_a_replay_when_the_write_was_asked_for_first()
    {
        var system = Start();
        for (var i = 1; i <= 200; i++)
        {
            var write = system.Send(JournalHarness.Atomic("job-1", i, new Noted($"{i}")));
            var page = await system.ReadLog("job-1", i);
            Assert.Equal(i, page.HighestSequenceNr);
            Assert.Equal([new Noted($"{i}")], page.Events.Select(e => e.Payload));
            Assert.Equal(["Success"], JournalHarness.Outcomes(write, 1));
        }
    }

    [Fact]
    public async Task Should_answer_every_read_with_all_that_was_acknowledged_when_others_write()
    {
        var system = Start();
        var writers = Enumerable.Range(0, 40).Select(i => system.Noting($"busy-{i}")).ToList();
        var acknowledged = new int[writers.Count];
        using var enough = new CancellationTokenSource();
        var writing = Task.WhenAll(writers.Select(async (writer, i) =>
        {
            while (!enough.IsCancellationRequested)
                acknowledged[i] = (int)(await writer.Ask<NotingActor.Stored>(new NotingActor.Note($"{acknowledged[i]}"), Eventually.Limit)).SequenceNr;
        }));

        for (var read = 0; read < 400; read++)
        {
            var i = read % writers.Count;
            var known = Volatile.Read(ref acknowledged[i]);
            var texts = await system.Texts($"busy-{i}");
            Assert.True(texts.Length >= known, $"busy-{i}: {known} events were acknowledged, a read saw {texts.Length}");
            Assert.Equal(Enumerable.Range(0, texts.Length).Select(n => $"{n}"), texts);
        }

        await enough.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task Should_delete_up_to_a_sequence_number_and_never_give_it_out_again()
    {
        var system = Start();
        var writer = system.Noting("job-1");
        await writer.Ask<NotingActor.State>(new NotingActor.NoteAsync("a", "b", "c", "d"), Eventually.Limit);
        await system.Noting("job-2").Ask<NotingActor.Stored>(new NotingActor.Note("kept"), Eventually.Limit);

        await writer.Ask<DeleteMessagesSuccess>(new NotingActor.DeleteTo(2), Eventually.Limit);
        Assert.Equal(["c", "d"], await system.Texts("job-1"));

        await writer.Ask<DeleteMessagesSuccess>(new NotingActor.DeleteTo(4), Eventually.Limit);
        var page = await system.ReadLog("job-1");
        Assert.Empty(page.Events);
        Assert.Equal(4, page.HighestSequenceNr);
        Assert.Equal(["kept"], await system.Texts("job-2"));

        var successor = system.Noting("job-1");
        Assert.Equal(5, (await successor.Ask<NotingActor.Stored>(new NotingActor.Note("e"), Eventually.Limit)).SequenceNr);
        Assert.Equal(["e"], await system.Texts("job-1"));
    }

    [Fact]
    public async Task Should_recover_everything_when_the_system_starts_again()
    {
        var system = Start();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => system.Noting($"job-{i}").Ask<NotingActor.State>(new NotingActor.NoteAsync($"{i}a", $"{i}b"), Eventually.Limit)));
        await system.StopAsync();

        var again = Start();
        for (var i = 0; i < 50; i++)
        {
            var state = await again.RecoveredState($"job-{i}");
            Assert.Equal([$"{i}a", $"{i}b"], state.Texts);
            Assert.Equal(2, state.SequenceNr);
        }
    }

    [Fact]
    public async Task Should_recover_from_a_snapshot_and_the_events_after_it_when_the_system_starts_again()
    {
        var system = Start();
        var writer = system.Noting("job-1");
        await writer.Ask<NotingActor.State>(new NotingActor.NoteAsync("a", "b"), Eventually.Limit);
        await writer.Ask<SaveSnapshotSuccess>(new NotingActor.Snapshot(), Eventually.Limit);
        await writer.Ask<NotingActor.Stored>(new NotingActor.Note("c"), Eventually.Limit);
        await system.StopAsync();

        var state = await Start().RecoveredState("job-1");
        Assert.Equal("a,b", state.Snapshot);
        Assert.Equal(["c"], state.Texts);
        Assert.Equal(3, state.SequenceNr);
    }

    [Fact]
    public async Task Should_answer_zero_once_without_asking_the_database_when_an_id_is_known_to_be_new()
    {
        var system = Start();
        Assert.Equal(["Success"], JournalHarness.Outcomes(system.Send(JournalHarness.Atomic("frame-1-1", 1, new Noted("a"))), 1));

        // A lie, so that an answer of 0 can only have come from the marker.
        KnownNewIds.Get(system.Sys).Add("frame-1-1");
        Assert.Equal(0, (await system.ReadLog("frame-1-1")).HighestSequenceNr);
        Assert.Equal(1, (await system.ReadLog("frame-1-1")).HighestSequenceNr);

        KnownNewIds.Get(system.Sys).Add("frame-1-2");
        var state = await system.RecoveredState("frame-1-2");
        Assert.Equal(0, state.SequenceNr);
    }

    [Fact]
    public async Task Should_report_healthy_when_the_database_is_there()
    {
        var system = Start();
        var health = await Persistence.Instance.Apply(system.Sys).CheckJournalHealthAsync(StorageConfig.JournalPluginId, CancellationToken.None);
        Assert.Equal(PersistenceHealthStatus.Healthy, health.Status);
    }

    private protected JournalHarness Start(Config? otherStorage = null)
    {
        var system = new JournalHarness(otherStorage ?? _storage);
        _systems.Add(system);
        return system;
    }
}

using Akka.Actor;
using Akka.TestKit.Xunit2;
using Qube.Actors.ReadModel;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.ReadModel;

public sealed class ReadModelActorTests() : TestKit(ReadModelActor.Dispatchers)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);
    private readonly RowShelf _shelf = new();

    [Fact]
    public void Should_answer_with_what_was_told_before_when_a_query_follows_a_change()
    {
        var model = Start(new ReadModelOptions { FlushMilliseconds = 3_600_000 });
        model.Tell(Changed(1, 1), TestActor);
        model.Tell(Changed(2, 1), TestActor);

        model.Tell(new ReadModelMessages.QueryJobs(), TestActor);

        var rows = ExpectMsg<ReadModelMessages.JobRows>(s_limit);
        Assert.Equal([2L, 1L], rows.Rows.Select(row => row.JobId.Value));
        Assert.Equal("", rows.Error);
    }

    [Fact]
    public void Should_acknowledge_a_flush_after_the_commit_when_rows_are_pending()
    {
        var model = Start(new ReadModelOptions { FlushMilliseconds = 3_600_000 });
        model.Tell(Changed(7, 1), TestActor);

        model.Tell(new ReadModelMessages.Flush { JobId = new JobId(7) }, TestActor);

        Assert.Equal(new JobId(7), ExpectMsg<ReadModelMessages.Flushed>(s_limit).JobId);
        Assert.Equal([1], _shelf.Batches);
    }

    [Fact]
    public void Should_write_by_itself_when_nobody_asks()
    {
        var model = Start(new ReadModelOptions { FlushMilliseconds = 1 });

        model.Tell(Changed(1, 1), TestActor);

        AwaitCondition(() => _shelf.Batches.Length == 1, s_limit, "no transaction was made for one changed job");
    }

    [Fact]
    public void Should_write_at_once_when_a_batch_is_full()
    {
        var model = Start(new ReadModelOptions { FlushMilliseconds = 3_600_000, BatchRows = 3 });

        for (var job = 1; job <= 7; job++)
        {
            model.Tell(Changed(job, 1), TestActor);
        }

        AwaitCondition(() => _shelf.Batches.Length == 2, s_limit, "seven jobs in batches of three: two are full");
        Assert.Equal([3, 3], _shelf.Batches);
    }

    [Fact]
    public void Should_say_it_is_away_and_lose_nothing_when_a_write_fails()
    {
        var model = Start(new ReadModelOptions { FlushMilliseconds = 3_600_000, RetryMilliseconds = 200 });
        _shelf.FailNext(2);
        model.Tell(Changed(1, 1), TestActor);
        model.Tell(new ReadModelMessages.Flush { JobId = new JobId(1) }, TestActor);
        model.Tell(new ReadModelMessages.QueryJobs(), TestActor);

        var away = ExpectMsg<ReadModelMessages.JobRows>(s_limit);
        Assert.True(away.Away, $"expected an answer that says away, got {away}");
        model.Tell(Changed(2, 1), TestActor);

        ExpectMsg<ReadModelMessages.Flushed>(s_limit);
        model.Tell(new ReadModelMessages.QueryJobs(), TestActor);
        Assert.Equal([2L, 1L], ExpectMsg<ReadModelMessages.JobRows>(s_limit).Rows.Select(row => row.JobId.Value));
    }

    [Fact]
    public void Should_say_what_is_wrong_when_the_query_is()
    {
        var model = Start(new ReadModelOptions());

        model.Tell(new ReadModelMessages.QueryJobs { Query = new JobQuery { OrderBy = "colour" } }, TestActor);

        var rows = ExpectMsg<ReadModelMessages.JobRows>(s_limit);
        Assert.Contains("colour", rows.Error, StringComparison.Ordinal);
        Assert.False(rows.Away);
    }

    [Fact]
    public void Should_write_what_is_pending_when_it_stops()
    {
        var model = Start(new ReadModelOptions { FlushMilliseconds = 3_600_000 });
        model.Tell(Changed(1, 1), TestActor);
        Watch(model);

        model.Tell(PoisonPill.Instance, TestActor);

        ExpectTerminated(model, s_limit);
        Assert.Equal([1], _shelf.Batches);
        Assert.Equal(new JobId(1), Assert.Single(_shelf.All()).JobId);
    }

    /// <summary>After the actor system: the actors have their files open until then.</summary>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _shelf.Dispose();
    }

    private static ReadModelMessages.JobChanged Changed(long job, long version) =>
        new() { Summary = new JobSummary { JobId = new JobId(job), Version = version, Status = "pending" } };

    private IActorRef Start(ReadModelOptions options) => Sys.ActorOf(ReadModelActor.Props(_shelf.Open, options));
}

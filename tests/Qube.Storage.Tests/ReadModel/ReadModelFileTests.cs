using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Qube.Contracts;
using Qube.Storage.ReadModel;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Storage.Tests.ReadModel;

/// <summary>The file: opened again, by two at once, held by somebody else, damaged, and big.</summary>
public sealed class ReadModelFileTests(ITestOutputHelper output) : ReadModelTest
{
    private const int Busy = 5;
    private const int Damaged = 11;
    private const int NoDatabase = 26;

    [Fact]
    public void Should_have_everything_when_the_file_is_opened_again()
    {
        var row = Row(1, version: 3) with { Name = "größe", Json = """{"a":1}""" };
        using (var first = SqliteJobReadModel.Open(FilePath))
            first.Upsert([row]);

        var second = Open();
        second.Upsert([Row(1, version: 2)]);

        Assert.Equal([row], second.Query(new JobQuery()));
    }

    [Fact]
    public async Task Should_be_created_once_when_many_open_it_at_the_same_time()
    {
        using var start = new Barrier(8);
        var models = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return SqliteJobReadModel.Open(FilePath);
            },
            TaskCreationOptions.LongRunning)));

        models[0].Upsert([Row(1)]);
        Assert.All(models, model => Assert.Equal([1], Ids(model, new JobQuery())));
        Array.ForEach(models, model => model.Dispose());
    }

    [Fact]
    public async Task Should_show_whole_transactions_in_their_order_when_one_reads_what_another_writes()
    {
        const int Batches = 200;
        const int JobsPerBatch = 20;
        var (writer, reader) = (Open(), Open());

        // Every transaction brings all jobs to the next version: a reader never sees two versions, nor an older one again.
        var writing = Task.Factory.StartNew(
            () =>
            {
                for (var version = 1; version <= Batches; version++)
                    writer.Upsert([.. Enumerable.Range(1, JobsPerBatch).Select(id => Row(id, version) with { Json = $$"""{"v":{{version}}}""" })]);
            },
            TaskCreationOptions.LongRunning);
        var (last, looks) = (0L, 0);
        bool isLast;
        do
        {
            isLast = writing.IsCompleted;
            var rows = reader.Query(new JobQuery());
            looks++;
            if (rows.Count == 0)
                continue;
            var version = rows[0].Version;
            Assert.Equal(JobsPerBatch, rows.Count);
            Assert.All(rows, row => Assert.Equal((version, $$"""{"v":{{version}}}"""), (row.Version, row.Json)));
            Assert.True(version >= last, $"version {version} was read after {last}");
            last = version;
        }
        while (!isLast);

        await writing;
        output.WriteLine($"{looks} queries beside {Batches} transactions");
        Assert.Equal(Batches, last);
    }

    [Fact]
    public void Should_show_only_what_is_committed_when_another_is_in_the_middle_of_writing()
    {
        var reader = Open();
        reader.Upsert([Row(1)]);
        using var other = Connection();
        Execute(other, "BEGIN IMMEDIATE; UPDATE jobs SET version = 2; DELETE FROM bodies;");

        // A reader that opens only now does not wait either.
        Assert.Equal([Row(1)], reader.Query(new JobQuery()));
        Assert.Equal([Row(1)], Open().Query(new JobQuery()));
    }

    [Fact]
    public void Should_throw_and_store_nothing_when_another_holds_the_file_and_store_it_all_afterwards()
    {
        var model = Open();
        using var other = Connection();
        Execute(other, "BEGIN IMMEDIATE");

        var failure = Assert.Throws<SqliteException>(() => model.Upsert([Row(1), Row(2)]));
        Assert.Equal(Busy, failure.SqliteErrorCode);
        Assert.Equal(Busy, Assert.Throws<SqliteException>(() => model.Remove([new JobId(1)])).SqliteErrorCode);
        Assert.Empty(model.Query(new JobQuery()));

        Execute(other, "ROLLBACK");
        Assert.Empty(model.Query(new JobQuery()));
        model.Upsert([Row(1), Row(2)]);
        Assert.Equal([2, 1], Ids(model, new JobQuery()));
    }

    [Fact]
    public void Should_throw_and_touch_nothing_when_the_file_is_no_database()
    {
        var garbage = new byte[20_000];
        new Random(1).NextBytes(garbage);
        File.WriteAllBytes(FilePath, garbage);

        Assert.Equal(NoDatabase, Assert.Throws<SqliteException>(Open).SqliteErrorCode);
        Assert.Equal(garbage, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Should_throw_and_store_nothing_when_pages_of_the_file_are_damaged()
    {
        using (var whole = SqliteJobReadModel.Open(FilePath))
            whole.Upsert([.. Enumerable.Range(1, 2_000).Select(id => Row(id) with { Json = Json(new { note = new string('x', 500) }) })]);
        var bytes = File.ReadAllBytes(FilePath);
        new Random(1).NextBytes(bytes.AsSpan(4096)); // Page 1, with header and schema, stays.
        File.WriteAllBytes(FilePath, bytes);

        var model = Open();

        Assert.Equal(Damaged, Assert.Throws<SqliteException>(() => model.Query(new JobQuery())).SqliteErrorCode);
        Assert.Equal(Damaged, Assert.Throws<SqliteException>(() => model.Upsert([Row(3_000)])).SqliteErrorCode);
        model.Dispose();
        Assert.Equal(bytes, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void Should_refuse_a_place_that_two_instances_cannot_share()
    {
        var refused = Assert.Throws<IOException>(() => SqliteJobReadModel.Open(":memory:"));

        Assert.Contains("journal_mode = memory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_list_a_hundred_of_a_hundred_thousand_when_filtered()
    {
        const int Jobs = 100_000;
        const int PerTransaction = 500;
        string[] statuses = ["running", "pending", "complete", "failed"];
        var model = Open();
        var note = new string('x', 800);
        Measure($"{Jobs} rows in transactions of {PerTransaction}", () =>
        {
            foreach (var ids in Enumerable.Range(1, Jobs).Chunk(PerTransaction))
            {
                model.Upsert([.. ids.Select(id => Row(id) with
                {
                    Status = statuses[id % 4],
                    Name = $"job {id}",
                    User = $"user{id % 10}",
                    Priority = id % 100,
                    LastUpdate = id,
                    Json = Json(new { id, shot = $"sh{id % 1000:000}", note }),
                })]);
            }

            return Jobs;
        });

        var running = new JobQuery { Filters = [new JobFilter { Name = "status", Patterns = ["running"] }, new JobFilter { Name = "user", Patterns = ["user2", "user4"] }], Limit = 100 };
        long[] newest = [.. Enumerable.Range(1, Jobs).Reverse().Where(id => id % 4 == 0 && id % 10 is (2 or 4)).Take(100)];
        Assert.Equal(newest, List("status and user", running));
        Assert.Equal(newest, List("the same without dictionaries", running with { WithoutJson = true }));
        Assert.Equal(100, List("status and user by priority, name", running with { OrderBy = "priority, name" }).Length);
        Assert.Equal(100, List("wildcard over names", Where("name", "*7") with { Limit = 100, OrderBy = "priority" }).Length);
        Assert.Equal(100, List("regex over names", Where("name", "~7$") with { Limit = 100, OrderBy = "priority" }).Length);
        Assert.Equal(100, List("key of the dictionary", Where("shot", "sh007")).Length);
        Assert.Equal(Jobs, List("all, whole", new JobQuery()).Length);

        long[] List(string what, JobQuery query)
        {
            IReadOnlyList<JobSummary> rows = [];
            Measure(what, () => (rows = model.Query(query)).Count);
            return Ids(rows);
        }
    }

    private void Measure(string what, Func<int> work)
    {
        var clock = Stopwatch.StartNew();
        var rows = work();
        output.WriteLine($"{what}: {rows} rows in {clock.Elapsed.TotalMilliseconds:0.0} ms");
    }

    private static void Execute(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

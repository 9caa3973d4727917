using Npgsql;
using Qube.Storage.Journal;
using Qube.Storage.Schema;
using Xunit;

namespace Qube.Storage.Tests.Schema;

public sealed class PostgresSchemaTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    private const string First = "CREATE TABLE a (n integer); INSERT INTO a VALUES (1)";
    private const string Second = "ALTER TABLE a ADD COLUMN m integer NOT NULL DEFAULT 7";

    [Fact]
    public void Should_do_what_is_missing_and_keep_what_is_there_when_a_newer_program_comes()
    {
        using var database = Open(server.NewDatabase());
        PostgresSchema.Bring(database, [First]);

        PostgresSchema.Bring(database, [First, Second]);
        PostgresSchema.Bring(database, [First, Second]);

        Assert.Equal("1 7", Scalar(database, "SELECT string_agg(n || ' ' || m, ',') FROM a"));
        Assert.Equal("1 2", Scalar(database, "SELECT string_agg(version::text, ' ' ORDER BY version) FROM schema_version"));
    }

    [Fact]
    public void Should_refuse_with_both_versions_when_a_newer_program_has_been_here()
    {
        using var database = Open(server.NewDatabase());
        PostgresSchema.Bring(database, [First, Second]);

        var refused = Assert.Throws<StorageRefusedException>(() => PostgresSchema.Bring(database, [First]));

        Assert.Contains("has schema version 2, and this program knows 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_leave_what_was_there_when_a_step_fails()
    {
        using var database = Open(server.NewDatabase());
        PostgresSchema.Bring(database, [First]);

        Assert.Throws<PostgresException>(() => PostgresSchema.Bring(database, [First, Second, "CREATE TABLE b (n nonsense)"]));

        Assert.Equal("1", Scalar(database, "SELECT MAX(version) FROM schema_version"));
        Assert.Equal("0", Scalar(database, "SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'a' AND column_name = 'm'"));
    }

    /// <summary>As the program before versions were counted left it.</summary>
    [Fact]
    public void Should_take_over_a_journal_from_before_versions_were_counted()
    {
        using var database = Open(server.NewDatabase());
        Scalar(database, "CREATE TABLE journal (ordering bigint PRIMARY KEY, persistence_id text); INSERT INTO journal VALUES (1, 'job-250')");

        PostgresSchema.Bring(database);

        Assert.Equal("job-250", Scalar(database, "SELECT persistence_id FROM journal"));
        Assert.Equal($"{PostgresSchema.Version}", Scalar(database, "SELECT MAX(version) FROM schema_version"));
    }

    [Fact]
    public async Task Should_do_each_step_once_when_supervisors_start_at_the_same_moment()
    {
        var name = server.NewDatabase();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var database = Open(name);
            PostgresSchema.Bring(database, [First, Second]);
        })));

        using var seen = Open(name);
        Assert.Equal("1 7", Scalar(seen, "SELECT string_agg(n || ' ' || m, ',') FROM a"));
    }

    private static NpgsqlConnection Open(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static string? Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar()?.ToString();
    }
}

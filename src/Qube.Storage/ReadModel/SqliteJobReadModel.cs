using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Qube.Contracts;

namespace Qube.Storage.ReadModel;

/// <summary>
/// The jobs' rows in a SQLite file of its own (<see cref="StorageConfig.ReadModelFile"/>), with a write-ahead log, so that readers never
/// wait for the writer. Everything in it comes from the jobs' logs: it may be lost, and is filled again from them.
/// </summary>
public sealed class SqliteJobReadModel : IJobReadModel
{
    /// <summary>Another process that holds the file (a backup, a shell) is waited for so long.</summary>
    private const int BusyMilliseconds = 2_000;

    /// <summary>Bodies lie apart, so that a scan over the columns touches pages full of rows, not of JSON.</summary>
    private static readonly string s_schema =
        $"""
        CREATE TABLE IF NOT EXISTS jobs (
          {string.Join(", ", JobColumns.Stored.Select(c => $"{c.Name} {(c.IsText ? "TEXT" : "INTEGER")} NOT NULL{(c.Name == "id" ? " PRIMARY KEY" : "")}"))});
        CREATE INDEX IF NOT EXISTS jobs_status ON jobs (status);
        CREATE INDEX IF NOT EXISTS jobs_user ON jobs (user);
        CREATE INDEX IF NOT EXISTS jobs_pgrp ON jobs (pgrp);
        CREATE INDEX IF NOT EXISTS jobs_lastupdate ON jobs (lastupdate);
        CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
        """;

    private static readonly string s_upsert =
        $"""
        INSERT INTO jobs ({JobColumns.List}) VALUES ({string.Join(", ", JobColumns.Stored.Select(c => "$" + c.Name))})
        ON CONFLICT (id) DO UPDATE SET {string.Join(", ", JobColumns.Stored.Skip(1).Select(c => $"{c.Name} = excluded.{c.Name}"))}
        WHERE excluded.version >= jobs.version
        """;

    private readonly SqliteConnection _connection;
    private readonly RegexpFunction _regexp;

    private SqliteJobReadModel(SqliteConnection connection)
    {
        _connection = connection;
        _regexp = new RegexpFunction(connection);
    }

    /// <summary>Opens the file, or creates it with its folder.</summary>
    /// <exception cref="SqliteException">It is no database, is damaged, or cannot be opened.</exception>
    /// <exception cref="IOException">It cannot have a write-ahead log (it is in memory, or on a file system without shared memory).</exception>
    public static IJobReadModel Open(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);

        // SQLite itself waits for a lock; the driver's own waiting, 150 ms at a time until DefaultTimeout (s), is for what SQLite refuses to.
        var options = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 };
        var connection = new SqliteConnection(options.ConnectionString);
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {BusyMilliseconds}");
            Prepare(connection, path);
            return new SqliteJobReadModel(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Upsert(IReadOnlyList<JobSummary> rows)
    {
        using var transaction = _connection.BeginTransaction();
        using var job = _connection.Command(s_upsert);
        using var body = _connection.Command("INSERT INTO bodies (id, body) VALUES ($id, $body) ON CONFLICT (id) DO UPDATE SET body = excluded.body");
        foreach (var row in rows)
        {
            foreach (var column in JobColumns.Stored)
                job.Set("$" + column.Name, column.ValueOf(row));
            if (job.ExecuteNonQuery() == 0)
                continue;
            body.Set("$id", row.JobId.Value);
            body.Set("$body", row.Json);
            body.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public void Remove(IReadOnlyList<JobId> jobIds)
    {
        using var transaction = _connection.BeginTransaction();
        using var command = _connection.Command("DELETE FROM jobs WHERE id = $id; DELETE FROM bodies WHERE id = $id;");
        foreach (var jobId in jobIds)
        {
            command.Set("$id", jobId.Value);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    public IReadOnlyList<JobSummary> Query(JobQuery query)
    {
        using var command = _connection.Command("");
        JobQuerySql.Compile(query, command);

        // Rows and dictionaries of one state, though they are two statements.
        using var transaction = _connection.BeginTransaction(deferred: true);
        command.Transaction = transaction;
        var rows = Rows(command);
        if (!query.WithoutJson && rows.Count > 0)
            AddBodies(rows);
        return rows;
    }

    public FarmTallies Tally()
    {
        using var transaction = _connection.BeginTransaction(deferred: true);
        return new FarmTallies(
            Counts("SELECT status, COUNT(*) FROM jobs GROUP BY status", transaction),
            Counts(
                """
                SELECT tally.key, SUM(tally.value) FROM jobs JOIN bodies USING (id), json_each(bodies.body, '$.todotally') AS tally
                WHERE jobs.status NOT IN ('complete', 'failed', 'killed') GROUP BY tally.key
                """, transaction));
    }

    public void Dispose() => _connection.Dispose();

    private static void Prepare(SqliteConnection connection, string path)
    {
        var mode = connection.Scalar("PRAGMA journal_mode = WAL");
        if (mode is not "wal")
            throw new IOException($"the read model's file {path} cannot use a write-ahead log (SQLite answers journal_mode = {mode})");

        // FULL: a finished job goes to sleep once its last row is stored, and nobody would tell that row again after a power cut.
        connection.Execute("PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;");

        // Only when it is missing: a reader opens beside a writer without asking for the write lock.
        if (connection.Scalar("SELECT name FROM sqlite_master WHERE name = 'bodies'") is null)
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(s_schema);
            transaction.Commit();
        }
    }

    private ImmutableSortedDictionary<string, long> Counts(string sql, SqliteTransaction transaction)
    {
        using var command = _connection.Command(sql);
        command.Transaction = transaction;
        using var reader = command.ExecuteReader();
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        while (reader.Read())
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts.ToImmutable();
    }

    private List<JobSummary> Rows(SqliteCommand command)
    {
        try
        {
            _regexp.TooSlow = null;
            using var reader = command.ExecuteReader();
            var rows = new List<JobSummary>();
            while (reader.Read())
                rows.Add(JobColumns.Read(reader));
            return rows;
        }
        catch (SqliteException cause) when (_regexp.TooSlow is not null)
        {
            throw new ArgumentException($"the regular expression '~{_regexp.TooSlow}' takes too long to match; write it with fewer nested repetitions", cause);
        }
    }

    /// <summary>After the sorting and cutting: only the dictionaries of the rows that were chosen are read.</summary>
    private void AddBodies(List<JobSummary> rows)
    {
        using var command = _connection.Command("SELECT id, body FROM bodies WHERE id IN (SELECT value FROM json_each($ids))");
        command.Set("$ids", JsonSerializer.Serialize(rows.Select(row => row.JobId.Value)));
        using var reader = command.ExecuteReader();
        var bodies = new Dictionary<long, string>(rows.Count);
        while (reader.Read())
            bodies[reader.GetInt64(0)] = reader.GetString(1);
        for (var i = 0; i < rows.Count; i++)
            rows[i] = rows[i] with { Json = bodies[rows[i].JobId.Value] };
    }
}

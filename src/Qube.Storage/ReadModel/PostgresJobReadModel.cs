using System.Collections.Immutable;
using System.Data;
using Npgsql;
using NpgsqlTypes;
using Qube.Contracts;
using Qube.Storage.Schema;

namespace Qube.Storage.ReadModel;

/// <summary>The jobs' rows in the farm's PostgreSQL database: one list, whichever supervisor a job lives on and whichever is asked.</summary>
public sealed class PostgresJobReadModel : IJobReadModel
{
    /// <summary>By id, so that two supervisors that write the same rows wait for each other and not in a circle.</summary>
    private static readonly string s_upsert =
        $"""
        INSERT INTO jobs ({JobColumns.Quoted}, body)
        SELECT * FROM unnest({string.Join(", ", Enumerable.Range(1, JobColumns.Stored.Length + 1).Select(number => $"${number}"))})
        ON CONFLICT ("id") DO UPDATE SET {string.Join(", ", JobColumns.Stored.Skip(1).Select(column => $"{column.Quoted} = excluded.{column.Quoted}"))}, body = excluded.body
        WHERE excluded."version" >= jobs."version" AND NOT jobs.removed
        """;

    private readonly NpgsqlConnection _connection;

    private PostgresJobReadModel(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Opens a session of its own, and brings the schema to this program's version.</summary>
    /// <exception cref="NpgsqlException">The server cannot be reached, or refuses.</exception>
    /// <exception cref="Journal.StorageRefusedException">A newer program has changed the database.</exception>
    public static IJobReadModel Open(string connectionString)
    {
        var session = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5, CommandTimeout = 30, TcpKeepAlive = true };
        var connection = new NpgsqlConnection(session.ConnectionString);
        try
        {
            connection.Open();
            PostgresSchema.Bring(connection);
            return new PostgresJobReadModel(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Upsert(IReadOnlyList<JobSummary> rows)
    {
        var latest = Latest(rows);
        if (latest.Length == 0)
            return;

        using var command = new NpgsqlCommand(s_upsert, _connection);
        foreach (var column in JobColumns.Stored)
        {
            command.Parameters.Add(column.IsText
                ? Texts(latest.Select(row => PostgresText.Of((string)column.ValueOf(row))))
                : new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint, Value = latest.Select(row => (long)column.ValueOf(row)).ToArray() });
        }

        command.Parameters.Add(Texts(latest.Select(row => PostgresText.Json(row.Json))));
        command.ExecuteNonQuery();
    }

    public void Remove(IReadOnlyList<JobId> jobIds)
    {
        ArgumentNullException.ThrowIfNull(jobIds);
        using var command = new NpgsqlCommand("UPDATE jobs SET removed = true, body = '{}' WHERE \"id\" = ANY($1)", _connection)
        {
            Parameters = { new() { Value = jobIds.Select(id => id.Value).Order().ToArray() } },
        };
        command.ExecuteNonQuery();
    }

    public IReadOnlyList<JobSummary> Query(JobQuery query)
    {
        var asked = new PostgresJobQuery(query);
        using var transaction = _connection.BeginTransaction(IsolationLevel.RepeatableRead);
        var rows = asked.Run(_connection);
        transaction.Commit();
        return rows;
    }

    public FarmTallies Tally()
    {
        using var transaction = _connection.BeginTransaction(IsolationLevel.RepeatableRead);
        var tallies = new FarmTallies(
            Counts("SELECT \"status\", COUNT(*) FROM jobs WHERE NOT removed GROUP BY \"status\""),
            Counts(
                """
                SELECT tally.key, SUM(tally.value::bigint)::bigint
                FROM jobs CROSS JOIN LATERAL json_each_text(CASE json_typeof(body::json -> 'todotally') WHEN 'object' THEN body::json -> 'todotally' ELSE '{}'::json END) AS tally
                WHERE NOT removed AND "status" NOT IN ('complete', 'failed', 'killed') GROUP BY tally.key
                """));
        transaction.Commit();
        return tallies;
    }

    public void Dispose() => _connection.Dispose();

    private ImmutableSortedDictionary<string, long> Counts(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        using var reader = command.ExecuteReader();
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        while (reader.Read())
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return counts.ToImmutable();
    }

    /// <summary>One row of each job: a statement cannot change one twice. Of one version the later told counts.</summary>
    private static JobSummary[] Latest(IReadOnlyList<JobSummary> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var latest = new SortedDictionary<long, JobSummary>();
        foreach (var row in rows)
        {
            if (!latest.TryGetValue(row.JobId.Value, out var known) || known.Version <= row.Version)
                latest[row.JobId.Value] = row;
        }

        return [.. latest.Values];
    }

    private static NpgsqlParameter Texts(IEnumerable<string> texts) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = texts.ToArray() };
}

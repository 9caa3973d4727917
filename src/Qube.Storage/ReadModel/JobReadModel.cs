using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Qube.Storage.ReadModel;

/// <summary>
/// The farm's jobs and their history in a SQLite file of its own (<see cref="StorageConfig.ReadModelFile"/>), for lists and filters.
/// Everything in it comes from the logs: it may be lost or cleared, and is filled again from them.
/// </summary>
/// <remarks>Confined to one thread at a time. Open one for writing and as many as wanted beside it for reading: readers do not wait.</remarks>
public sealed class JobReadModel : IDisposable
{
    private static readonly TimeSpan s_regexLimit = TimeSpan.FromMilliseconds(250);

    /// <summary>Bodies lie apart, so that a scan over the columns touches pages full of rows, not of JSON.</summary>
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS jobs (
          id INTEGER PRIMARY KEY, pgrp INTEGER NOT NULL, pid INTEGER NOT NULL, status TEXT NOT NULL, name TEXT NOT NULL, user TEXT NOT NULL,
          label TEXT NOT NULL, priority INTEGER NOT NULL, cluster TEXT NOT NULL, prototype TEXT NOT NULL, account TEXT NOT NULL,
          kind TEXT NOT NULL, timesubmit INTEGER NOT NULL, timestart INTEGER NOT NULL, timecomplete INTEGER NOT NULL,
          lastupdate INTEGER NOT NULL, cpus INTEGER NOT NULL, todo INTEGER NOT NULL, version INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS jobs_status ON jobs (status);
        CREATE INDEX IF NOT EXISTS jobs_user ON jobs (user);
        CREATE INDEX IF NOT EXISTS jobs_pgrp ON jobs (pgrp);
        CREATE INDEX IF NOT EXISTS jobs_lastupdate ON jobs (lastupdate);
        CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS history (
          jobid INTEGER NOT NULL, seq INTEGER NOT NULL, ordinal INTEGER NOT NULL, subid INTEGER NOT NULL, workid TEXT NOT NULL,
          stamp INTEGER NOT NULL, user TEXT NOT NULL, comment TEXT NOT NULL, PRIMARY KEY (jobid, seq, ordinal)) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;

    private JobReadModel(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file, or creates it.</summary>
    public static JobReadModel Open(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();

            // NORMAL: a power cut may take back the last moments, never damage the file; the logs have them.
            connection.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32768;");
            connection.Execute(Schema);
            DefineRegexp(connection);
            return new JobReadModel(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Stores the rows in one transaction. A row whose version is not newer than the stored one changes nothing.</summary>
    /// <returns>How many rows were stored.</returns>
    public int Upsert(IReadOnlyList<JobRow> rows)
    {
        var columns = JobColumns.Ordered;
        using var transaction = _connection.BeginTransaction();
        using var job = _connection.Command(
            $"""
            INSERT INTO jobs ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(c => "$" + c))})
            ON CONFLICT (id) DO UPDATE SET {string.Join(", ", columns.Skip(1).Select(c => $"{c} = excluded.{c}"))}
            WHERE excluded.version > jobs.version
            """);
        using var body = _connection.Command("INSERT INTO bodies (id, body) VALUES ($id, $body) ON CONFLICT (id) DO UPDATE SET body = excluded.body");
        var stored = 0;
        foreach (var row in rows)
        {
            Bind(job, row);
            if (job.ExecuteNonQuery() == 0)
                continue;
            body.Set("$id", row.Id);
            body.Set("$body", row.Body);
            body.ExecuteNonQuery();
            stored++;
        }

        transaction.Commit();
        return stored;
    }

    /// <exception cref="ArgumentException">The order names an unknown column, or a regular expression cannot be read; the message
    /// says which.</exception>
    public IReadOnlyList<JobRow> Query(JobQuery query)
    {
        CheckRegexes(query);
        using var command = _connection.CreateCommand();
        JobQuerySql.Compile(query, command);
        using var reader = command.ExecuteReader();
        var rows = new List<JobRow>();
        while (reader.Read())
            rows.Add(Row(reader, query.WithBody));
        return rows;
    }

    /// <summary>The stored version of every job: what a rebuild need not read again.</summary>
    public IReadOnlyDictionary<long, long> Versions()
    {
        using var command = _connection.Command("SELECT id, version FROM jobs");
        using var reader = command.ExecuteReader();
        var versions = new Dictionary<long, long>();
        while (reader.Read())
            versions[reader.GetInt64(0)] = reader.GetInt64(1);
        return versions;
    }

    /// <summary>Removes jobs with their history; unknown ids are no error.</summary>
    public void Delete(IReadOnlyCollection<long> ids)
    {
        using var transaction = _connection.BeginTransaction();
        using var command = _connection.Command("DELETE FROM jobs WHERE id = $id; DELETE FROM bodies WHERE id = $id; DELETE FROM history WHERE jobid = $id;");
        foreach (var id in ids)
        {
            command.Set("$id", id);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>Empties everything, before it is filled again from the logs.</summary>
    public void Clear()
    {
        using var transaction = _connection.BeginTransaction();
        _connection.Execute("DELETE FROM jobs; DELETE FROM bodies; DELETE FROM history;");
        transaction.Commit();
    }

    /// <summary>Adds lines of history in one transaction; a line that is there already is kept as it is.</summary>
    public void AppendHistory(IReadOnlyList<HistoryRow> rows)
    {
        using var transaction = _connection.BeginTransaction();
        using var command = _connection.Command(
            "INSERT OR IGNORE INTO history (jobid, seq, ordinal, subid, workid, stamp, user, comment) VALUES ($jobid, $seq, $ordinal, $subid, $workid, $stamp, $user, $comment)");
        foreach (var row in rows)
        {
            command.Set("$jobid", row.JobId);
            command.Set("$seq", row.Seq);
            command.Set("$ordinal", row.Ordinal);
            command.Set("$subid", row.SubId);
            command.Set("$workid", row.WorkId);
            command.Set("$stamp", row.Stamp);
            command.Set("$user", row.User);
            command.Set("$comment", row.Comment);
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <summary>A job's history in the order of its log; with <paramref name="subId"/> only that instance's.</summary>
    public IReadOnlyList<HistoryRow> ReadHistory(long jobId, long? subId = null)
    {
        using var command = _connection.Command(
            "SELECT jobid, seq, ordinal, subid, workid, stamp, user, comment FROM history WHERE jobid = $jobid AND ($subid IS NULL OR subid = $subid) ORDER BY seq, ordinal");
        command.Set("$jobid", jobId);
        command.Set("$subid", subId is { } id ? id : DBNull.Value);
        using var reader = command.ExecuteReader();
        var rows = new List<HistoryRow>();
        while (reader.Read())
        {
            rows.Add(new HistoryRow(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetString(4), reader.GetInt64(5), reader.GetString(6), reader.GetString(7)));
        }

        return rows;
    }

    public void Dispose() => _connection.Dispose();

    private static void Bind(SqliteCommand command, JobRow row)
    {
        command.Set("$id", row.Id);
        command.Set("$pgrp", row.Pgrp);
        command.Set("$pid", row.Pid);
        command.Set("$status", row.Status);
        command.Set("$name", row.Name);
        command.Set("$user", row.User);
        command.Set("$label", row.Label);
        command.Set("$priority", row.Priority);
        command.Set("$cluster", row.Cluster);
        command.Set("$prototype", row.Prototype);
        command.Set("$account", row.Account);
        command.Set("$kind", row.Kind);
        command.Set("$timesubmit", row.TimeSubmit);
        command.Set("$timestart", row.TimeStart);
        command.Set("$timecomplete", row.TimeComplete);
        command.Set("$lastupdate", row.LastUpdate);
        command.Set("$cpus", row.Cpus);
        command.Set("$todo", row.Todo);
        command.Set("$version", row.Version);
    }

    private static JobRow Row(SqliteDataReader reader, bool withBody) => new()
    {
        Id = reader.GetInt64(0),
        Pgrp = reader.GetInt64(1),
        Pid = reader.GetInt64(2),
        Status = reader.GetString(3),
        Name = reader.GetString(4),
        User = reader.GetString(5),
        Label = reader.GetString(6),
        Priority = reader.GetInt64(7),
        Cluster = reader.GetString(8),
        Prototype = reader.GetString(9),
        Account = reader.GetString(10),
        Kind = reader.GetString(11),
        TimeSubmit = reader.GetInt64(12),
        TimeStart = reader.GetInt64(13),
        TimeComplete = reader.GetInt64(14),
        LastUpdate = reader.GetInt64(15),
        Cpus = reader.GetInt64(16),
        Todo = reader.GetInt64(17),
        Version = reader.GetInt64(18),
        Body = withBody ? reader.GetString(19) : "{}",
    };

    private static void DefineRegexp(SqliteConnection connection)
    {
        // SQLite calls X REGEXP Y as regexp(Y, X), once per row it looks at.
        var compiled = new Dictionary<string, Regex>(StringComparer.Ordinal);
        connection.CreateFunction(
            "regexp",
            (string pattern, string? text) =>
            {
                if (!compiled.TryGetValue(pattern, out var regex))
                {
                    if (compiled.Count >= 64)
                        compiled.Clear();
                    compiled[pattern] = regex = Compile(pattern);
                }

                return text is not null && regex.IsMatch(text);
            },
            isDeterministic: true);
    }

    /// <summary>Before the statement runs: an exception inside a function of SQLite loses its type.</summary>
    private static void CheckRegexes(JobQuery query)
    {
        foreach (var filter in query.Filters)
        {
            foreach (var pattern in filter.AnyOf.Where(t => t.StartsWith('~')))
            {
                try
                {
                    Compile(pattern[1..]);
                }
                catch (ArgumentException cause)
                {
                    throw new ArgumentException($"Filter {filter.Key}: '{pattern}' is no regular expression: {cause.Message}", nameof(query), cause);
                }
            }
        }
    }

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.CultureInvariant, s_regexLimit);
}

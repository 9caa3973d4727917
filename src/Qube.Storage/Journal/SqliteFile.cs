using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Qube.Storage.Journal;

/// <summary>
/// One open SQLite connection by the C interface. The ADO.NET driver costs several times the insert itself in garbage, and begins
/// every transaction as a writer, so that a read beside a write sleeps 150 ms.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const int BusyMilliseconds = 5_000;
    private readonly List<sqlite3_stmt> _statements = [];
    private readonly sqlite3 _db;

    static SqliteFile() => Batteries_V2.Init();

    public SqliteFile(string path)
    {
        Path = path;
        var code = sqlite3_open_v2(path, out _db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, null);
        if (code != SQLITE_OK)
        {
            var failure = Failure(code);
            _db.Dispose();
            throw failure;
        }

        sqlite3_busy_timeout(_db, BusyMilliseconds);
    }

    public string Path { get; }

    public bool InTransaction => sqlite3_get_autocommit(_db) == 0;

    /// <summary>Compiles a statement that lives as long as the connection.</summary>
    public sqlite3_stmt Prepare(string sql)
    {
        Check(sqlite3_prepare_v3(_db, sql, SQLITE_PREPARE_PERSISTENT, out var statement));
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql) => Check(sqlite3_exec(_db, sql));

    /// <summary>Runs a statement that returns no rows and leaves it ready for the next time.</summary>
    public void Run(sqlite3_stmt statement)
    {
        var code = sqlite3_step(statement);
        var failure = code is SQLITE_DONE or SQLITE_ROW ? null : Failure(code);
        sqlite3_reset(statement);
        if (failure is not null)
            throw failure;
    }

    /// <summary>True when the statement stands on a row, false at the end.</summary>
    public bool Next(sqlite3_stmt statement)
    {
        var code = sqlite3_step(statement);
        return code switch
        {
            SQLITE_ROW => true,
            SQLITE_DONE => false,
            _ => throw Failure(code),
        };
    }

    /// <summary>The first column of the first row, as text: what a pragma answers.</summary>
    public string Scalar(string sql)
    {
        Check(sqlite3_prepare_v2(_db, sql, out var statement));
        using (statement)
            return Next(statement) ? sqlite3_column_text(statement, 0).utf8_to_string() ?? string.Empty : string.Empty;
    }

    /// <summary>A refusal of one row's content (unique key, not null), as against a failure of the store.</summary>
    public static bool IsConstraint(SqliteException failure) => failure.SqliteErrorCode == SQLITE_CONSTRAINT;

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _db.Dispose();
    }

    private void Check(int code)
    {
        if (code != SQLITE_OK)
            throw Failure(code);
    }

    private SqliteException Failure(int code)
    {
        var extended = sqlite3_extended_errcode(_db);
        return new SqliteException($"SQLite error {code} ({extended}) on {Path}: {sqlite3_errmsg(_db).utf8_to_string()}.", code, extended);
    }
}

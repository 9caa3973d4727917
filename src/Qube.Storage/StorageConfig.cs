using Akka.Configuration;
using Akka.Persistence.Sql;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Qube.Storage;

/// <summary>
/// The HOCON that makes <see cref="Journal.GroupingJournal"/> the default journal and a store in a database of its own (on SQLite) the
/// default snapshot store. Put it in front of the system's other configuration with <c>WithFallback</c>.
/// </summary>
public static class StorageConfig
{
    public const string JournalPluginId = "akka.persistence.journal.qube";
    public const string SnapshotStorePluginId = "akka.persistence.snapshot-store.qube";

    /// <summary>The journal's file inside the data folder.</summary>
    public const string JournalFile = "journal.db";

    /// <summary>The snapshots' file: never the journal's, whose one writer must not meet another.</summary>
    public const string SnapshotFile = "snapshots.db";

    /// <summary>The read model's file, for <see cref="ReadModel.SqliteJobReadModel.Open"/>.</summary>
    public const string ReadModelFile = "farm.db";

    /// <summary>Everything in SQLite files under <paramref name="dataDir"/>, which is created when it is missing.</summary>
    public static Config Sqlite(string dataDir)
    {
        var folder = Path.GetFullPath(dataDir);

        // One replay thread: SQLite answers a recovery in tens of microseconds.
        return Plugin("sqlite", File(folder, JournalFile), readers: 1, "SQLite.MS", File(folder, SnapshotFile));
    }

    /// <summary>Whether only this process writes to the journal: a SQLite file's one writer is the farm that has its folder.</summary>
    public static bool IsOfOneProcess(Config config) => config.GetString($"{JournalPluginId}.store") == "sqlite";

    /// <summary>Journal and snapshots in one PostgreSQL database (15 or newer); the tables are created when they are missing.</summary>
    public static Config PostgreSql(string connectionString)

        // Four replay threads: each recovery waits for two round trips.
        => Plugin("postgresql", connectionString, readers: 4, "PostgreSQL.15", Pooled(connectionString));

    /// <summary>The snapshot store opens a connection per recovery in hand; unbounded, three supervisors would take all that a server
    /// of default settings has (100).</summary>
    private static string Pooled(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.MaxPoolSize = Math.Min(builder.MaxPoolSize, 8);
        return builder.ConnectionString;
    }

    private static string File(string folder, string name)
        => new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, name) }.ConnectionString;

    private static Config Plugin(string store, string journal, int readers, string snapshotProvider, string snapshots)
        => ConfigurationFactory.ParseString(
            $"""
            akka.persistence.journal.plugin = "{JournalPluginId}"
            akka.persistence.snapshot-store.plugin = "{SnapshotStorePluginId}"

            # A recovery occupies the journal's reader for tens of microseconds: 50 at once, the default, leave it idle.
            akka.persistence.max-concurrent-recoveries = 200

            {JournalPluginId}.class = "Qube.Storage.Journal.GroupingJournal, Qube.Storage"
            {JournalPluginId}.store = "{store}"
            {JournalPluginId}.connection-string = {Quoted(journal)}
            # Threads that answer recoveries and reads of logs.
            {JournalPluginId}.readers = {readers}
            # A commit waits for no further event once it holds this many: bounds the latency of its first writer.
            {JournalPluginId}.rows-per-commit-max = 5000
            # One thread each, for commits and for every reader: both block in the database.
            {JournalPluginId}.plugin-dispatcher = "{JournalPluginId}.write-dispatcher"
            {JournalPluginId}.replay-dispatcher = "{JournalPluginId}.read-dispatcher"
            {JournalPluginId}.write-dispatcher.type = PinnedDispatcher
            {JournalPluginId}.write-dispatcher.throughput = 1000
            {JournalPluginId}.read-dispatcher.type = PinnedDispatcher
            {JournalPluginId}.read-dispatcher.throughput = 100

            {SnapshotStorePluginId}.class = "Qube.Storage.Snapshots.FarmSnapshotStore, Qube.Storage"
            {SnapshotStorePluginId}.plugin-id = "{SnapshotStorePluginId}"
            {SnapshotStorePluginId}.connection-string = {Quoted(snapshots)}
            {SnapshotStorePluginId}.provider-name = "{snapshotProvider}"
            # The log has all that a snapshot has: a store that is away makes recoveries longer, not impossible.
            {SnapshotStorePluginId}.snapshot-is-optional = true
            # On PostgreSQL the table is a step of the schema's (PostgresSchema): looked for by the plugin it would cost each start seconds of a busy machine.
            {SnapshotStorePluginId}.auto-initialize = {(store == "sqlite" ? "true" : "false")}
            # On SQLite the driver begins any other transaction as a writer, and two of those sleep 150 ms for each other.
            {SnapshotStorePluginId}.read-isolation-level = {(store == "sqlite" ? "read-uncommitted" : "read-committed")}
            """).WithFallback(SqlPersistence.DefaultConfiguration);

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}

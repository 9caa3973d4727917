using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;
using Microsoft.Data.Sqlite;
using Npgsql;
using Qube.Storage.Journal;

namespace Qube.Storage.Snapshots;

/// <summary>Akka.Persistence.Sql's snapshot store on a database prepared for it. Nothing is lost with a snapshot: the log has it all.</summary>
public sealed class FarmSnapshotStore(Config config) : SqlSnapshotStore(Prepared(config))
{
    private readonly string? _pooled =
        config.GetString("provider-name").StartsWith("PostgreSQL", StringComparison.Ordinal) ? config.GetString("connection-string") : null;

    /// <summary>After an outage the pool holds connections to a server that is gone, and each would fail one recovery: the first
    /// failure empties the pool, and the load is tried once more.</summary>
    protected override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        try
        {
            return await base.LoadAsync(persistenceId, criteria, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (_pooled is not null && IsOfServer(failure))
        {
            using (var connection = new NpgsqlConnection(_pooled))
                NpgsqlConnection.ClearPool(connection);
            return await base.LoadAsync(persistenceId, criteria, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The plugin wraps a failure together with that of its rollback.</summary>
    private static bool IsOfServer(Exception failure) => failure switch
    {
        NpgsqlException => true,
        AggregateException several => several.InnerExceptions.Any(IsOfServer),
        { InnerException: { } inner } => IsOfServer(inner),
        _ => false,
    };

    /// <summary>What the plugin itself does not do: WAL on SQLite, and on PostgreSQL one supervisor at a time creating the table.</summary>
    private static Config Prepared(Config config)
    {
        var connectionString = config.GetString("connection-string");
        try
        {
            if (config.GetString("provider-name").StartsWith("SQLite", StringComparison.Ordinal))
                PrepareSqlite(connectionString);
            else
                PreparePostgres(connectionString);
        }
        catch (Exception cause) when (cause is System.Data.Common.DbException or IOException)
        {
            // The plugin meets the same failure and tries again by restarting; thrown here it would end the actor for good.
            Context.GetLogger().Error(cause, "The snapshot store cannot be prepared yet: {0}", cause.Message);
        }

        return config;
    }

    private static void PrepareSqlite(string connectionString)
    {
        var path = new SqliteConnectionStringBuilder(connectionString).DataSource;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        using var file = new SqliteFile(path);
        file.Scalar("PRAGMA journal_mode=WAL");
    }

    private static void PreparePostgres(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        using var transaction = connection.BeginTransaction();
        using var create = new NpgsqlCommand(
            $"""
            SELECT pg_advisory_xact_lock({PostgresJournalStore.SchemaLock});
            CREATE TABLE IF NOT EXISTS snapshot (
              persistence_id  text   NOT NULL,
              sequence_number bigint NOT NULL,
              created         bigint NOT NULL,
              snapshot        bytea,
              manifest        text,
              serializer_id   integer,
              CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number));
            CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot (sequence_number);
            CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot (created);
            """,
            connection);
        create.ExecuteNonQuery();
        transaction.Commit();
    }
}

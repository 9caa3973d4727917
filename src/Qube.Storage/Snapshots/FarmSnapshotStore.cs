using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;
using Microsoft.Data.Sqlite;
using Npgsql;
using Qube.Storage.Journal;
using Qube.Storage.Schema;

namespace Qube.Storage.Snapshots;

/// <summary>
/// Akka.Persistence.Sql's snapshot store on a database prepared for it. Nothing is lost with a snapshot, the log has it all: so one that
/// cannot be read counts as none, with a warning, and of each persistence id only the last is kept.
/// </summary>
public sealed class FarmSnapshotStore : SqlSnapshotStore
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly string? _pooled;

    /// <summary>On SQLite, whose file no other process writes: the persistence ids that have a snapshot, so that the recovery of any other asks
    /// nothing. Null where it is not known.</summary>
    private readonly ConcurrentDictionary<string, byte>? _known;

    public FarmSnapshotStore(Config config)
        : base(Prepared(config))
    {
        var connectionString = config.GetString("connection-string");
        if (IsSqlite(config))
            _known = KnownIds(connectionString);
        else
            _pooled = connectionString;
    }

    /// <summary>After an outage the pool holds connections to a server that is gone, and each would fail one recovery: the first
    /// failure empties the pool, and the load is tried once more.</summary>
    protected override async Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        if (_known is not null && !_known.ContainsKey(persistenceId))
            return null;

        try
        {
            return await LoadOnceOrTwice(persistenceId, criteria, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _log.Warning(failure, "The snapshot of {0} cannot be read; its log is replayed instead. {1}", persistenceId, failure.Message);
            return null;
        }
    }

    protected override async Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        _known?.TryAdd(metadata.PersistenceId, 0);
        try
        {
            await base.SaveAsync(metadata, snapshot, cancellationToken).ConfigureAwait(false);
            await base.DeleteAsync(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr - 1), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _log.Warning(failure, "A snapshot of {0} cannot be saved; its recovery will replay more. {1}", metadata.PersistenceId, failure.Message);
            throw;
        }
    }

    private async Task<SelectedSnapshot?> LoadOnceOrTwice(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
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

    private static bool IsSqlite(Config config) => config.GetString("provider-name").StartsWith("SQLite", StringComparison.Ordinal);

    /// <summary>What the plugin itself does not do: WAL on SQLite, and on PostgreSQL one supervisor at a time creating the table.</summary>
    private static Config Prepared(Config config)
    {
        var connectionString = config.GetString("connection-string");
        try
        {
            if (IsSqlite(config))
                PrepareSqlite(connectionString);
            else
                PreparePostgres(connectionString);
        }
        catch (Exception cause) when (cause is System.Data.Common.DbException or IOException or StorageRefusedException)
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

    /// <summary>Null when they cannot be read: then every recovery asks.</summary>
    private static ConcurrentDictionary<string, byte>? KnownIds(string connectionString)
    {
        var known = new ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        try
        {
            using var connection = new SqliteConnection(connectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'snapshot'";
            if (command.ExecuteScalar() is null)
                return known;

            command.CommandText = "SELECT DISTINCT persistence_id FROM snapshot";
            using var rows = command.ExecuteReader();
            while (rows.Read())
                known.TryAdd(rows.GetString(0), 0);
            return known;
        }
        catch (SqliteException cause)
        {
            Context.GetLogger().Warning(cause, "The snapshots' file cannot be looked through: {0}", cause.Message);
            return null;
        }
    }

    private static void PreparePostgres(string connectionString)
    {
        using var connection = new NpgsqlConnection(connectionString);
        connection.Open();
        PostgresSchema.Bring(connection);
    }
}

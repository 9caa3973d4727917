using System.Globalization;
using Npgsql;
using Qube.Storage.Journal;

namespace Qube.Storage.Schema;

/// <summary>
/// The farm's tables in a PostgreSQL database, version by version. Whoever opens the database brings it to the version that this program
/// knows: all missing steps in one transaction, one supervisor at a time, so that a step that fails leaves what was there.
/// </summary>
/// <remarks>A released step is never edited: a change is a step of its own at the end. Steps must let a supervisor of the version before go on
/// (add, never rename or drop), because supervisors are restarted one after another.</remarks>
public static class PostgresSchema
{
    /// <summary>Any number, the same in every supervisor: they change the schema one after another.</summary>
    private const long SchemaLock = 0x51_75_62_65;

    /// <summary>Journal and snapshots, as they were before versions were counted: there already, or made now.</summary>
    private const string JournalAndSnapshots =
        """
        CREATE TABLE IF NOT EXISTS journal (
          ordering        bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT "PK_journal" PRIMARY KEY,
          created         bigint  NOT NULL,
          deleted         boolean NOT NULL,
          persistence_id  text    NOT NULL,
          sequence_number bigint  NOT NULL,
          message         bytea   NOT NULL,
          tags            text,
          manifest        text,
          identifier      integer,
          writer_uuid     text,
          CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number));
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
        """;

    /// <summary>The list of jobs. Texts sort by their bytes, as on SQLite. A removed job's row stays, empty: a supervisor that the job has left may
    /// have an older row of it still to write.</summary>
    private const string ReadModel =
        """
        CREATE TABLE jobs (
          "id"           bigint PRIMARY KEY,
          "version"      bigint NOT NULL,
          "pgrp"         bigint NOT NULL,
          "pid"          bigint NOT NULL,
          "status"       text COLLATE "C" NOT NULL,
          "name"         text COLLATE "C" NOT NULL,
          "user"         text COLLATE "C" NOT NULL,
          "label"        text COLLATE "C" NOT NULL,
          "priority"     bigint NOT NULL,
          "cluster"      text COLLATE "C" NOT NULL,
          "prototype"    text COLLATE "C" NOT NULL,
          "account"      text COLLATE "C" NOT NULL,
          "kind"         text COLLATE "C" NOT NULL,
          "timesubmit"   bigint NOT NULL,
          "timestart"    bigint NOT NULL,
          "timecomplete" bigint NOT NULL,
          "lastupdate"   bigint NOT NULL,
          "cpus"         bigint NOT NULL,
          "todo"         bigint NOT NULL,
          body           text   NOT NULL,
          removed        boolean NOT NULL DEFAULT false);
        CREATE INDEX jobs_status ON jobs ("status");
        CREATE INDEX jobs_user ON jobs ("user");
        CREATE INDEX jobs_pgrp ON jobs ("pgrp");
        CREATE INDEX jobs_lastupdate ON jobs ("lastupdate");
        """;

    private static readonly string[] s_steps = [JournalAndSnapshots, ReadModel];

    /// <summary>The version that this program knows: the number of its steps.</summary>
    public static int Version => s_steps.Length;

    /// <summary>Brings the database to <see cref="Version"/>; does nothing when it is there.</summary>
    /// <param name="connection">Open, and not in a transaction.</param>
    /// <exception cref="StorageRefusedException">A newer program has changed it: this one would misread what it finds.</exception>
    public static void Bring(NpgsqlConnection connection) => Bring(connection, s_steps);

    /// <inheritdoc cref="Bring(NpgsqlConnection)"/>
    /// <param name="connection">Open, and not in a transaction.</param>
    /// <param name="steps">What this program knows.</param>
    internal static void Bring(NpgsqlConnection connection, IReadOnlyList<string> steps)
    {
        ArgumentNullException.ThrowIfNull(connection);
        using var transaction = connection.BeginTransaction();
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({SchemaLock})"));
        Run(connection, "CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())");
        var there = Current(connection);
        if (there > steps.Count)
        {
            throw new StorageRefusedException(string.Create(CultureInfo.InvariantCulture,
                $"The database '{connection.Database}' at {connection.Host}:{connection.Port} has schema version {there}, and this program knows {steps.Count}: a newer one has been here. Start that one, or restore a backup from before."));
        }

        for (var version = there + 1; version <= steps.Count; version++)
        {
            Run(connection, steps[version - 1]);
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version (version) VALUES ({version})"));
        }

        transaction.Commit();
    }

    private static int Current(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand("SELECT COALESCE(MAX(version), 0) FROM schema_version", connection);
        return (int)command.ExecuteScalar()!;
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}

using Npgsql;
using NpgsqlTypes;
using Qube.Storage.Schema;

namespace Qube.Storage.Journal;

/// <summary>The journal in a PostgreSQL database: one statement, one round trip and one commit per group.</summary>
internal sealed class PostgresJournalStore(string connectionString) : IJournalStore
{
    /// <summary>Unpooled: a session is one connection for life, and dies with it. The limits keep a silent network from holding
    /// every writer for longer than an entity waits for its recovery (30 s).</summary>
    private readonly string _sessionString = new NpgsqlConnectionStringBuilder(connectionString)
    {
        Pooling = false,
        Timeout = 5,
        CommandTimeout = 15,
        TcpKeepAlive = true,
    }.ConnectionString;

    public IJournalWriter OpenWriter()
    {
        var connection = Open();
        try
        {
            Require(connection, "fsync", "a crash of the database server could lose or damage acknowledged events");
            Require(connection, "full_page_writes", "a power cut could leave the database unreadable");
            Run(connection, "SET synchronous_commit = on");
            PostgresSchema.Bring(connection);
            return new Writer(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public IJournalReader OpenReader() => new Reader(Open());

    public void Dispose()
    {
    }

    private NpgsqlConnection Open()
    {
        var connection = new NpgsqlConnection(_sessionString);
        connection.Open();
        return connection;
    }

    private static void Require(NpgsqlConnection connection, string setting, string danger)
    {
        using var command = new NpgsqlCommand("SELECT current_setting($1)", connection) { Parameters = { new() { Value = setting } } };
        var value = (string?)command.ExecuteScalar();
        if (value != "on")
            throw new StorageRefusedException($"The PostgreSQL server at {connection.Host}:{connection.Port} runs with {setting} = {value}: {danger}. Set {setting} = on in postgresql.conf and restart it.");
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private sealed class Writer : IJournalWriter
    {
        private readonly NpgsqlConnection _connection;
        private readonly NpgsqlCommand _insert;
        private readonly NpgsqlCommand _delete;

        public Writer(NpgsqlConnection connection)
        {
            _connection = connection;
            _insert = Prepared(
                """
                INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, tags, manifest, identifier, writer_uuid)
                SELECT created, false, id, seq, message, tags, manifest, identifier, writer
                FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) AS t(created, id, seq, message, tags, manifest, identifier, writer)
                """,
                Array(NpgsqlDbType.Bigint), Array(NpgsqlDbType.Text), Array(NpgsqlDbType.Bigint), Array(NpgsqlDbType.Bytea),
                Array(NpgsqlDbType.Text), Array(NpgsqlDbType.Text), Array(NpgsqlDbType.Integer), Array(NpgsqlDbType.Text));
            _delete = Prepared(
                """
                WITH tomb AS (SELECT MAX(sequence_number) AS nr FROM journal WHERE persistence_id = $1 AND sequence_number <= $2),
                     bury AS (UPDATE journal SET deleted = true FROM tomb WHERE persistence_id = $1 AND sequence_number = tomb.nr)
                DELETE FROM journal USING tomb WHERE persistence_id = $1 AND sequence_number < tomb.nr
                """,
                NpgsqlDbType.Text, NpgsqlDbType.Bigint);
        }

        public void Write(List<JournalRow> rows, List<WriterBatch> batches)
        {
            if (rows.Count == 0)
                return;

            try
            {
                Insert(rows, 0, rows.Count);
            }
            catch (PostgresException refused) when (IsConstraint(refused))
            {
                // Rare, so the good path carries no savepoints: once more, each writer on its own inside one commit.
                WriteEachAlone(rows, batches);
            }
        }

        public void DeleteTo(string persistenceId, long toSequenceNr)
        {
            _delete.Parameters[0].Value = persistenceId;
            _delete.Parameters[1].Value = toSequenceNr;
            _delete.ExecuteNonQuery();
        }

        public void Dispose() => _connection.Dispose();

        private void WriteEachAlone(List<JournalRow> rows, List<WriterBatch> batches)
        {
            using var transaction = _connection.BeginTransaction();
            foreach (var batch in batches.Where(b => b.RowCount > 0))
            {
                transaction.Save("writer");
                try
                {
                    Insert(rows, batch.FirstRow, batch.RowCount);
                    transaction.Release("writer");
                }
                catch (PostgresException refused) when (IsConstraint(refused))
                {
                    batch.Failure = refused;
                    transaction.Rollback("writer");
                }
            }

            transaction.Commit();
        }

        private void Insert(List<JournalRow> rows, int first, int count)
        {
            var part = rows.GetRange(first, count);
            var parameters = _insert.Parameters;
            parameters[0].Value = part.ConvertAll(r => r.CreatedTicks);
            parameters[1].Value = part.ConvertAll(r => r.PersistenceId);
            parameters[2].Value = part.ConvertAll(r => r.SequenceNr);
            parameters[3].Value = part.ConvertAll(r => r.Payload);
            parameters[4].Value = part.ConvertAll(r => r.Tags);
            parameters[5].Value = part.ConvertAll(r => r.Manifest);
            parameters[6].Value = part.ConvertAll(r => r.SerializerId);
            parameters[7].Value = part.ConvertAll(r => r.WriterUuid);
            _insert.ExecuteNonQuery();
        }

        private static NpgsqlDbType Array(NpgsqlDbType element) => NpgsqlDbType.Array | element;

        /// <summary>Classes 22 and 23 of SQLSTATE: this row's content is refused. Everything else is the store's own failure.</summary>
        private static bool IsConstraint(PostgresException failure)
            => failure.SqlState.StartsWith("22", StringComparison.Ordinal) || failure.SqlState.StartsWith("23", StringComparison.Ordinal);

        private NpgsqlCommand Prepared(string sql, params NpgsqlDbType[] types)
        {
            var command = new NpgsqlCommand(sql, _connection);
            foreach (var type in types)
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
            command.Prepare();
            return command;
        }
    }

    private sealed class Reader : IJournalReader
    {
        private const int PageRows = 1_000;
        private readonly NpgsqlConnection _connection;
        private readonly NpgsqlCommand _highest;
        private readonly NpgsqlCommand _page;

        public Reader(NpgsqlConnection connection)
        {
            _connection = connection;
            _highest = new NpgsqlCommand("SELECT COALESCE(MAX(sequence_number), 0) FROM journal WHERE persistence_id = $1", connection);
            _page = new NpgsqlCommand(
                "SELECT sequence_number, created, tags, message, identifier, manifest, writer_uuid FROM journal WHERE persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND NOT deleted ORDER BY sequence_number LIMIT $4",
                connection);
            _highest.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
            _page.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text });
            for (var i = 0; i < 3; i++)
                _page.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint });
            _highest.Prepare();
            _page.Prepare();
        }

        public long Read(string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<JournalRow> onRow)
        {
            _highest.Parameters[0].Value = persistenceId;
            var highest = (long)_highest.ExecuteScalar()!;
            var to = Math.Min(toSequenceNr, highest);
            var from = fromSequenceNr;
            var left = max;
            while (from <= to && left > 0)
            {
                var page = Page(persistenceId, from, to, Math.Min(left, PageRows));
                foreach (var row in page)
                    onRow(row);
                if (page.Count < PageRows)
                    break;
                left -= page.Count;
                from = page[^1].SequenceNr + 1;
            }

            return highest;
        }

        public void Dispose() => _connection.Dispose();

        private List<JournalRow> Page(string persistenceId, long from, long to, long limit)
        {
            _page.Parameters[0].Value = persistenceId;
            _page.Parameters[1].Value = from;
            _page.Parameters[2].Value = to;
            _page.Parameters[3].Value = limit;
            var rows = new List<JournalRow>();
            using var reader = _page.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(new JournalRow(
                    persistenceId,
                    reader.GetInt64(0),
                    reader.GetInt64(1),
                    Text(reader, 2),
                    reader.GetFieldValue<byte[]>(3),
                    reader.GetInt32(4),
                    Text(reader, 5),
                    Text(reader, 6)));
            }

            return rows;
        }

        private static string Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? string.Empty : reader.GetString(column);
    }
}

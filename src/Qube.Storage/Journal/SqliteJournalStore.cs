using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace Qube.Storage.Journal;

/// <summary>The journal in one SQLite file: one writing connection, reading connections beside it in WAL mode.</summary>
internal sealed class SqliteJournalStore(string connectionString) : IJournalStore
{
    /// <summary>Akka.Persistence.Sql's table without two of its three indexes and without AUTOINCREMENT's table: each is one more page
    /// to log per commit, no query of ours or of its read journal uses them, and the row with the highest ordering is never deleted
    /// (<see cref="IJournalWriter.DeleteTo"/> keeps it), so no ordering is given out twice.</summary>
    private const string Schema =
        """
        CREATE TABLE IF NOT EXISTS journal (
          ordering        INTEGER       NOT NULL PRIMARY KEY,
          created         INTEGER       NOT NULL,
          deleted         Bit           NOT NULL,
          persistence_id  NVarChar(255) NOT NULL,
          sequence_number INTEGER       NOT NULL,
          message         VarBinary     NOT NULL,
          tags            NVarChar(100) NULL,
          manifest        NVarChar(500) NULL,
          identifier      INTEGER       NULL,
          writer_uuid     NVarChar(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal (persistence_id, sequence_number);
        """;

    private readonly string _path = new SqliteConnectionStringBuilder(connectionString).DataSource;

    public IJournalWriter OpenWriter()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(_path)) is { } folder)
            Directory.CreateDirectory(folder);

        var file = new SqliteFile(_path);
        try
        {
            var mode = file.Scalar("PRAGMA journal_mode=WAL");
            if (mode != "wal")
            {
                throw new StorageRefusedException(
                    $"The journal {_path} cannot use a write-ahead log (SQLite answers journal_mode = {mode}). It must lie on a local disk, not in memory and not on a network file system; choose another folder with --data.");
            }

            file.Execute("PRAGMA synchronous=FULL");
            RequireFullSync(file);
            file.Execute("PRAGMA cache_size=-32768");
            file.Execute(Schema);
            return new Writer(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IJournalReader OpenReader() => new Reader(new SqliteFile(_path));

    public void Dispose()
    {
    }

    private static void RequireFullSync(SqliteFile file)
    {
        var level = file.Scalar("PRAGMA synchronous");
        if (level != "2")
        {
            throw new StorageRefusedException(
                $"The journal {file.Path} does not sync each commit (SQLite answers synchronous = {level}, 2 is FULL): an acknowledged event could be lost in a power cut.");
        }
    }

    private sealed class Writer : IJournalWriter
    {
        private const string HighestToDelete = "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = ?1 AND sequence_number <= ?2";

        private readonly SqliteFile _file;
        private readonly sqlite3_stmt _begin;
        private readonly sqlite3_stmt _commit;
        private readonly sqlite3_stmt _savepoint;
        private readonly sqlite3_stmt _release;
        private readonly sqlite3_stmt _rollbackTo;
        private readonly sqlite3_stmt _insert;
        private readonly sqlite3_stmt _bury;
        private readonly sqlite3_stmt _delete;

        public Writer(SqliteFile file)
        {
            _file = file;
            _begin = file.Prepare("BEGIN IMMEDIATE");
            _commit = file.Prepare("COMMIT");
            _savepoint = file.Prepare("SAVEPOINT writer");
            _release = file.Prepare("RELEASE writer");
            _rollbackTo = file.Prepare("ROLLBACK TO writer");
            _insert = file.Prepare(
                "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, tags, manifest, identifier, writer_uuid) VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
            _bury = file.Prepare($"UPDATE journal SET deleted = 1 WHERE persistence_id = ?1 AND sequence_number = ({HighestToDelete})");
            _delete = file.Prepare($"DELETE FROM journal WHERE persistence_id = ?1 AND sequence_number < ({HighestToDelete})");
        }

        public void Write(List<JournalRow> rows, List<WriterBatch> batches)
        {
            try
            {
                if (rows.Count == 1)
                    Insert(rows[0]);
                else if (rows.Count > 0)
                    InTransaction(() => rows.ForEach(Insert));
            }
            catch (SqliteException refused) when (SqliteFile.IsConstraint(refused))
            {
                // Rare, so the good path carries no savepoints: once more, each writer on its own inside one commit.
                InTransaction(() => WriteEachAlone(rows, batches));
            }
        }

        public void DeleteTo(string persistenceId, long toSequenceNr)
        {
            InTransaction(() =>
            {
                foreach (var statement in new[] { _bury, _delete })
                {
                    sqlite3_bind_text(statement, 1, persistenceId);
                    sqlite3_bind_int64(statement, 2, toSequenceNr);
                    _file.Run(statement);
                }
            });
        }

        public void Dispose() => _file.Dispose();

        private void WriteEachAlone(List<JournalRow> rows, List<WriterBatch> batches)
        {
            foreach (var batch in batches)
            {
                _file.Run(_savepoint);
                try
                {
                    for (var i = batch.FirstRow; i < batch.FirstRow + batch.RowCount; i++)
                        Insert(rows[i]);
                }
                catch (SqliteException refused) when (SqliteFile.IsConstraint(refused))
                {
                    batch.Failure = refused;
                    _file.Run(_rollbackTo);
                }

                _file.Run(_release);
            }
        }

        private void InTransaction(Action work)
        {
            _file.Run(_begin);
            try
            {
                work();
                _file.Run(_commit);
            }
            catch
            {
                // SQLite ends the transaction by itself on some errors, a full disk among them.
                if (_file.InTransaction)
                    _file.Execute("ROLLBACK");
                throw;
            }
        }

        private void Insert(JournalRow row)
        {
            sqlite3_bind_int64(_insert, 1, row.CreatedTicks);
            sqlite3_bind_text(_insert, 2, row.PersistenceId);
            sqlite3_bind_int64(_insert, 3, row.SequenceNr);
            sqlite3_bind_blob(_insert, 4, row.Payload);
            sqlite3_bind_text(_insert, 5, row.Tags);
            sqlite3_bind_text(_insert, 6, row.Manifest);
            sqlite3_bind_int(_insert, 7, row.SerializerId);
            sqlite3_bind_text(_insert, 8, row.WriterUuid);
            _file.Run(_insert);
        }
    }

    private sealed class Reader : IJournalReader
    {
        /// <summary>A read transaction keeps the log from being checkpointed, so a long log is read in pages.</summary>
        private const int PageRows = 1_000;

        private readonly SqliteFile _file;
        private readonly sqlite3_stmt _highest;
        private readonly sqlite3_stmt _page;

        public Reader(SqliteFile file)
        {
            _file = file;
            file.Execute("PRAGMA query_only=1");
            _highest = file.Prepare("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = ?1");
            _page = file.Prepare(
                "SELECT sequence_number, created, tags, message, identifier, manifest, writer_uuid FROM journal WHERE persistence_id = ?1 AND sequence_number BETWEEN ?2 AND ?3 AND deleted = 0 ORDER BY sequence_number LIMIT ?4");
        }

        public long Read(string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<JournalRow> onRow)
        {
            var highest = Highest(persistenceId);
            var to = Math.Min(toSequenceNr, highest);
            var from = fromSequenceNr;
            var left = max;
            while (from <= to && left > 0)
            {
                var page = Page(persistenceId, from, to, (int)Math.Min(left, PageRows));
                foreach (var row in page)
                    onRow(row);
                if (page.Count < PageRows)
                    break;
                left -= page.Count;
                from = page[^1].SequenceNr + 1;
            }

            return highest;
        }

        public void Dispose() => _file.Dispose();

        private long Highest(string persistenceId)
        {
            try
            {
                sqlite3_bind_text(_highest, 1, persistenceId);
                return _file.Next(_highest) ? sqlite3_column_int64(_highest, 0) : 0;
            }
            finally
            {
                sqlite3_reset(_highest);
            }
        }

        private List<JournalRow> Page(string persistenceId, long from, long to, int limit)
        {
            var rows = new List<JournalRow>();
            try
            {
                sqlite3_bind_text(_page, 1, persistenceId);
                sqlite3_bind_int64(_page, 2, from);
                sqlite3_bind_int64(_page, 3, to);
                sqlite3_bind_int(_page, 4, limit);
                while (_file.Next(_page))
                {
                    rows.Add(new JournalRow(
                        persistenceId,
                        sqlite3_column_int64(_page, 0),
                        sqlite3_column_int64(_page, 1),
                        sqlite3_column_text(_page, 2).utf8_to_string() ?? string.Empty,
                        sqlite3_column_blob(_page, 3).ToArray(),
                        sqlite3_column_int(_page, 4),
                        sqlite3_column_text(_page, 5).utf8_to_string() ?? string.Empty,
                        sqlite3_column_text(_page, 6).utf8_to_string() ?? string.Empty));
                }
            }
            finally
            {
                sqlite3_reset(_page);
            }

            return rows;
        }
    }
}

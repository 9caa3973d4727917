namespace Qube.Storage.Journal;

/// <summary>The seam between the grouping journal and a database. Sessions are confined to the thread that opened them.</summary>
internal interface IJournalStore : IDisposable
{
    /// <summary>Creates the schema where it is missing and checks that an acknowledged commit is on the disk.</summary>
    /// <exception cref="StorageRefusedException">The database would acknowledge what a power cut can take back.</exception>
    IJournalWriter OpenWriter();

    /// <summary>A reading session, which blocks no writer and sees every commit made before the read began.</summary>
    IJournalReader OpenReader();
}

/// <summary>The one writing session of a journal.</summary>
internal interface IJournalWriter : IDisposable
{
    /// <summary>
    /// Stores the group in one commit. A batch the database refuses (a sequence number that exists) gets its
    /// <see cref="WriterBatch.Failure"/>; its neighbours are stored.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The store itself failed (disk full, I/O, connection); it is unknown whether
    /// anything was stored, and the session must be thrown away.</exception>
    void Write(List<JournalRow> rows, List<WriterBatch> batches);

    /// <summary>Deletes the events up to and including <paramref name="toSequenceNr"/>; the highest of them stays as a tombstone, so
    /// that no sequence number is given out twice.</summary>
    void DeleteTo(string persistenceId, long toSequenceNr);
}

/// <summary>One reading session.</summary>
internal interface IJournalReader : IDisposable
{
    /// <summary>Hands the live events of one log to <paramref name="onRow"/>, in order, at most <paramref name="max"/>.</summary>
    /// <returns>The highest sequence number the log ever had, deleted events included; 0 for an unknown log.</returns>
    long Read(string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<JournalRow> onRow);
}

using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <summary>Firings that are no longer in memory, from the log: it is folded once more, and what the fold forgets is kept if it was asked for.
/// Costs the whole log and is for people who look far back; nothing here runs on an actor's thread.</summary>
internal sealed class LedgerReader
{
    private readonly LedgerMessages.GetFirings query;
    private readonly SortedDictionary<long, FiringRecord> kept = [];
    private readonly CallbackFold fold;
    private bool isCut;

    public LedgerReader(JobSpec spec, LedgerMessages.GetFirings query)
    {
        this.query = query;
        fold = new CallbackFold(spec) { OnForgotten = Keep };
    }

    public LedgerReader Read(IEnumerable<LogEntry> log)
    {
        foreach (var entry in log)
        {
            fold.Replay(entry.Event);
        }

        foreach (var record in fold.Firings.Values)
        {
            Keep(record);
        }

        return this;
    }

    /// <summary>The page asked for, newest first.</summary>
    /// <param name="later">Rows from memory: they know what is not written yet.</param>
    public LedgerMessages.Firings Page(IEnumerable<LedgerMessages.FiringRow> later)
    {
        var rows = kept.Values.Select(record => FiringRows.Of(record, fold.PatternText)).ToDictionary(row => row.Id);
        foreach (var row in later)
        {
            rows[row.Id] = row;
        }

        return FiringRows.Page(rows.Values.OrderByDescending(row => row.Order), query, query.JobId, isCut);
    }

    /// <summary>The one that was asked for by id.</summary>
    public FiringRecord? Only => kept.Values.FirstOrDefault();

    private void Keep(FiringRecord record)
    {
        if (!FiringRows.IsAsked(record, query))
        {
            // What was kept under this number may have changed its state since.
            kept.Remove(record.Order);
            return;
        }

        kept[record.Order] = record;
        if (kept.Count > Math.Max(1, query.Limit))
        {
            kept.Remove(kept.Keys.First());
            isCut = true;
        }
    }
}

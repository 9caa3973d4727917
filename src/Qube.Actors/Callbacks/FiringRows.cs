using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <summary>Firings as clients see them.</summary>
internal static class FiringRows
{
    /// <summary>Scripts are long, and stand with their callback already.</summary>
    private const int CodeShown = 200;

    /// <summary>Of a trigger with more leaves those that matched last.</summary>
    private const int LeavesShown = 400;

    /// <summary>No message over 64 kB (design §8).</summary>
    private const int PageBytes = 48_000;

    public static LedgerMessages.FiringRow Of(FiringRecord record, Func<int, int, string> pattern) => new()
    {
        Id = record.Id,
        Order = record.Order,
        Callback = record.Callback.Id,
        Language = record.Callback.Language,
        Code = record.Callback.Code.Length <= CodeShown ? record.Callback.Code : record.Callback.Code[..CodeShown],
        Event = record.EventText,
        Log = SourceNames.Log(record.Source),
        SequenceNr = record.Firing.Cause.SequenceNumber,
        Ordinal = record.Firing.Cause.Ordinal,
        Depth = record.Depth,
        AtMs = record.AtMs,
        State = record.State,
        Outcome = record.Outcome,
        User = record.Callback.User,
        Attempts = [.. record.Attempts],
        Leaves = [.. Shown(record.Leaves).Select(mark => Of(mark, pattern(record.Callback.Id, mark.Ordinal)))],
    };

    public static LedgerMessages.LeafMark Of(LeafMark mark, string pattern) => new()
    {
        Ordinal = mark.Ordinal,
        Pattern = pattern,
        AtMs = mark.AtMs,
        Log = SourceNames.Log(mark.Source),
        SequenceNr = mark.SequenceNr,
        EventOrdinal = mark.EventOrdinal,
        Item = mark.Item,
    };

    public static bool IsAsked(FiringRecord record, LedgerMessages.GetFirings query) =>
        (query.Before <= 0 || record.Order < query.Before)
        && (query.Callback <= 0 || record.Callback.Id == query.Callback)
        && (query.States.Length == 0 || query.States.Contains(record.State))
        && (query.Firing.Length == 0 || record.Id == query.Firing);

    /// <summary>The newest of them that go into one message, at least one.</summary>
    /// <param name="found">Newest first.</param>
    /// <param name="query">What was asked.</param>
    /// <param name="job">Whose they are.</param>
    /// <param name="mayBeMore">More may exist beyond those found.</param>
    public static LedgerMessages.Firings Page(IEnumerable<LedgerMessages.FiringRow> found, LedgerMessages.GetFirings query, JobId job, bool mayBeMore)
    {
        var rows = new List<LedgerMessages.FiringRow>();
        var bytes = 0;
        var isCut = false;
        foreach (var row in found)
        {
            bytes += Weight(row);
            if (rows.Count > 0 && (bytes > PageBytes || rows.Count >= Math.Max(1, query.Limit)))
            {
                isCut = true;
                break;
            }

            rows.Add(row);
        }

        return new LedgerMessages.Firings { JobId = job, Exists = true, Rows = [.. rows], Next = (isCut || mayBeMore) && rows.Count > 0 ? rows[^1].Order : 0 };
    }

    private static int Weight(LedgerMessages.FiringRow row) =>
        200 + (row.Id.Length * 2) + (row.Code.Length * 2) + (row.Event.Length * 2) + (row.Outcome.Length * 2)
        + row.Attempts.Sum(attempt => 80 + (attempt.Outcome.Length * 2)) + row.Leaves.Sum(leaf => 40 + leaf.Pattern.Length + leaf.Item.Length);

    private static IEnumerable<LeafMark> Shown(LeafMark[] leaves) =>
        leaves.Length <= LeavesShown ? leaves : leaves.OrderByDescending(leaf => leaf.AtMs).Take(LeavesShown).OrderBy(leaf => leaf.Ordinal);
}

using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <summary>The items of one job. A waiting item costs one byte; a record exists only for pages in which something happened.</summary>
public sealed partial class ItemTable
{
    internal const int PageBits = 7;
    internal const int PageSize = 1 << PageBits;

    private readonly byte[] statuses;
    private readonly ItemRecord[]?[] pages;

    /// <summary>Pages that a snapshot is being made of: copied before they change.</summary>
    private readonly bool[] shared;
    private readonly int[] counts = new int[(int)Status.Killed + 1];
    private readonly SortedSet<(long NotBeforeMs, int Seq)> delayed = [];

    public ItemTable(int count)
    {
        statuses = new byte[count];
        pages = new ItemRecord[]?[(count + PageSize - 1) >> PageBits];
        shared = new bool[pages.Length];
        Array.Fill(statuses, (byte)Status.Pending);
        counts[(int)Status.Pending] = count;
        Runnable = count > 0 ? new IntervalSet(0, count - 1) : new IntervalSet();
    }

    public int Count => statuses.Length;

    /// <summary>Pending, not in hand and not waiting for a retry's delay: may be handed out now.</summary>
    public IntervalSet Runnable { get; }

    public int CountOf(Status status) => counts[(int)status];

    public int Terminal => CountOf(Status.Complete) + CountOf(Status.Failed) + CountOf(Status.Killed);

    public bool AllTerminal => Terminal == Count;

    public Status StatusOf(int seq) => (Status)statuses[seq];

    /// <summary>When the next delayed retry is due, or null.</summary>
    public long? NextDueMs => delayed.Count > 0 ? delayed.Min.NotBeforeMs : null;

    public bool HasDue(long nowMs) => delayed.Count > 0 && delayed.Min.NotBeforeMs <= nowMs;

    public ItemRecord RecordOf(int seq) => pages[seq >> PageBits] is { } page ? page[seq & (PageSize - 1)] : new ItemRecord { Instance = -1 };

    public string? ResultOf(int seq) => RecordOf(seq).Result;

    public void SetResult(int seq, string result) => Touch(seq).Result = result;

    /// <summary>The record to change in place; call <see cref="SetStatus"/> or <see cref="Refresh"/> after a change of what makes it runnable.</summary>
    public ref ItemRecord Touch(int seq)
    {
        ref var page = ref pages[seq >> PageBits];
        if (page is null)
        {
            page = new ItemRecord[PageSize];
            for (var index = 0; index < PageSize; index++)
            {
                page[index].Instance = -1;
            }
        }
        else if (shared[seq >> PageBits])
        {
            page = (ItemRecord[])page.Clone();
            shared[seq >> PageBits] = false;
        }

        return ref page[seq & (PageSize - 1)];
    }

    public void SetStatus(int seq, Status status)
    {
        counts[statuses[seq]]--;
        statuses[seq] = (byte)status;
        counts[(int)status]++;
        Refresh(seq);
    }

    /// <summary>Puts the item where its status and record say it belongs.</summary>
    public void Refresh(int seq)
    {
        var record = RecordOf(seq);
        if (StatusOf(seq) != Status.Pending || record.InHand)
        {
            Runnable.Remove(seq);
            delayed.Remove((record.NotBeforeMs, seq));
        }
        else if (record.NotBeforeMs > 0)
        {
            Runnable.Remove(seq);
            delayed.Add((record.NotBeforeMs, seq));
        }
        else
        {
            Runnable.Add(seq);
        }
    }

    /// <summary>A person's retry starts the item's retry allowance anew (spec/jobs.md §6.4).</summary>
    public void ResetRetries(int seq)
    {
        Touch(seq).Count = 0;
        DelayUntil(seq, 0);
        Refresh(seq);
    }

    /// <summary>Nothing of the item is to start before then; 0 is at once. <see cref="SetStatus"/> or <see cref="Refresh"/> has to follow.</summary>
    public void DelayUntil(int seq, long notBeforeMs)
    {
        ref var record = ref Touch(seq);
        delayed.Remove((record.NotBeforeMs, seq));
        record.NotBeforeMs = notBeforeMs;
    }

    /// <summary>Makes delayed retries runnable whose time has come.</summary>
    public void ReleaseDue(long nowMs)
    {
        while (HasDue(nowMs))
        {
            var seq = delayed.Min.Seq;
            delayed.Remove(delayed.Min);
            Touch(seq).NotBeforeMs = 0;
            Refresh(seq);
        }
    }

    public IntervalSet WithStatus(Func<Status, bool> wanted)
    {
        var set = new IntervalSet();
        var first = -1;
        for (var seq = 0; seq <= statuses.Length; seq++)
        {
            var hit = seq < statuses.Length && wanted((Status)statuses[seq]);
            if (hit && first < 0)
            {
                first = seq;
            }
            else if (!hit && first >= 0)
            {
                set.AddRange(first, seq - 1);
                first = -1;
            }
        }

        return set;
    }
}

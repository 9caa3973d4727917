using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <content>What of it goes into a snapshot, and comes out of one.</content>
public sealed partial class ItemTable
{
    /// <summary>The items as they are now. The pages are shared from here on and copied by the next change.</summary>
    internal FrozenItems Freeze()
    {
        for (var page = 0; page < pages.Length; page++)
        {
            shared[page] = pages[page] is not null;
        }

        return new FrozenItems((byte[])statuses.Clone(), (ItemRecord[]?[])pages.Clone());
    }

    /// <exception cref="InvalidDataException">The columns do not belong to a table of <paramref name="count"/> items.</exception>
    internal static ItemTable Restore(int count, JobSnapshot.ItemColumns columns)
    {
        var table = new ItemTable(count);
        table.RestoreStatuses(columns.Statuses);
        table.RestoreRecords(columns);
        table.Reckon();
        return table;
    }

    private void RestoreStatuses(int[] runs)
    {
        var seq = 0;
        for (var index = 0; index + 1 < runs.Length; index += 2)
        {
            var (status, length) = (runs[index], runs[index + 1]);
            if (status < 0 || status >= counts.Length || length < 0 || length > statuses.Length - seq)
            {
                throw new InvalidDataException($"status {status} of {length} items at {seq} of {statuses.Length}");
            }

            statuses.AsSpan(seq, length).Fill((byte)status);
            seq += length;
        }

        if (seq != statuses.Length)
        {
            throw new InvalidDataException($"statuses of {seq} items for {statuses.Length}");
        }
    }

    private void RestoreRecords(JobSnapshot.ItemColumns columns)
    {
        var touched = IntervalSet.FromPairs(columns.Touched);
        if (!touched.IsEmpty && (touched.First < 0 || touched.Last >= statuses.Length))
        {
            throw new InvalidDataException($"items {touched.First} to {touched.Last} of {statuses.Length}");
        }

        var count = (int)touched.Count;
        var tries = Column.Unpack(columns.Tries, count, nameof(columns.Tries));
        var tallies = Column.Unpack(columns.Counts, count, nameof(columns.Counts));
        var instances = Column.Unpack(columns.Instances, count, nameof(columns.Instances));
        var inHand = Column.Unpack(columns.InHand, count, nameof(columns.InHand));
        var hosts = Column.Unpack(columns.Hosts, count, nameof(columns.Hosts));
        var exitCodes = Column.Unpack(columns.ExitCodes, count, nameof(columns.ExitCodes));
        var started = Column.Unpack(columns.Started, count, nameof(columns.Started));
        var ended = Column.Unpack(columns.Ended, count, nameof(columns.Ended));
        var cumulative = Column.Unpack(columns.Cumulative, count, nameof(columns.Cumulative));
        var notBefore = Column.Unpack(columns.NotBefore, count, nameof(columns.NotBefore));
        var depths = Column.Unpack(columns.Depths, count, nameof(columns.Depths));
        var timedOut = Column.Unpack(columns.TimedOut, count, nameof(columns.TimedOut));
        var hasResult = Column.Unpack(columns.HasResult, count, nameof(columns.HasResult));
        var (at, result) = (0, 0);
        long before = 0;
        foreach (var seq in touched.Values())
        {
            ref var record = ref Touch(seq);
            record.Try = tries[at];
            record.Count = tallies[at];
            record.Instance = instances[at];
            record.InHand = inHand[at] != 0;
            record.Host = hosts[at] == 0 ? null : columns.HostNames[hosts[at] - 1];
            record.ExitCode = exitCodes[at];
            record.StartedMs = before + started[at];
            record.EndedMs = record.StartedMs + ended[at];
            record.CumulativeMs = ended[at] + cumulative[at];
            record.NotBeforeMs = notBefore[at];
            record.Depth = depths[at];
            record.TimedOut = timedOut[at] != 0;
            record.Result = hasResult[at] != 0 ? columns.Results[result++] : null;
            before = record.StartedMs;
            at++;
        }
    }

    /// <summary>What follows from statuses and records: counts, what is runnable, what waits for its time.</summary>
    private void Reckon()
    {
        Array.Clear(counts);
        Runnable.RemoveRange(0, int.MaxValue);
        var first = -1;
        for (var seq = 0; seq <= statuses.Length; seq++)
        {
            var isRunnable = false;
            if (seq < statuses.Length)
            {
                counts[statuses[seq]]++;
                var record = RecordOf(seq);
                var isWaiting = StatusOf(seq) == Status.Pending && !record.InHand;
                isRunnable = isWaiting && record.NotBeforeMs <= 0;
                if (isWaiting && !isRunnable)
                {
                    delayed.Add((record.NotBeforeMs, seq));
                }
            }

            if (isRunnable && first < 0)
            {
                first = seq;
            }
            else if (!isRunnable && first >= 0)
            {
                Runnable.AddRange(first, seq - 1);
                first = -1;
            }
        }
    }
}

using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <summary>The items as they were when their table was frozen. Shares the table's pages, which it copies before it changes one: so freezing a
/// million items copies a byte of each, and reading them is another thread's work.</summary>
internal sealed class FrozenItems(byte[] statuses, ItemRecord[]?[] pages)
{
    public JobSnapshot.ItemColumns ToColumns()
    {
        var touched = new IntervalSet();
        var count = 0;
        foreach (var seq in Touched())
        {
            touched.AddRange(seq, seq);
            count++;
        }

        var (tries, counts, instances, inHand) = (new int[count], new int[count], new int[count], new int[count]);
        var (hosts, exitCodes, depths, timedOut, hasResult) = (new int[count], new int[count], new int[count], new int[count], new int[count]);
        var (started, ended, cumulative, notBefore) = (new long[count], new long[count], new long[count], new long[count]);
        var names = new Dictionary<string, int>();
        var results = new List<string>();
        var at = 0;
        long before = 0;
        foreach (var seq in Touched())
        {
            ref var record = ref pages[seq >> ItemTable.PageBits]![seq & (ItemTable.PageSize - 1)];
            tries[at] = record.Try;
            counts[at] = record.Count;
            instances[at] = record.Instance;
            inHand[at] = record.InHand ? 1 : 0;
            hosts[at] = Place(names, record.Host);
            exitCodes[at] = record.ExitCode;
            depths[at] = record.Depth;
            timedOut[at] = record.TimedOut ? 1 : 0;
            started[at] = record.StartedMs - before;
            ended[at] = record.EndedMs - record.StartedMs;
            cumulative[at] = record.CumulativeMs - ended[at];
            notBefore[at] = record.NotBeforeMs;
            if (record.Result is { } result)
            {
                hasResult[at] = 1;
                results.Add(result);
            }

            before = record.StartedMs;
            at++;
        }

        return new JobSnapshot.ItemColumns
        {
            Statuses = RunsOf(statuses),
            Touched = touched.ToPairs(),
            Tries = Column.Pack(tries),
            Counts = Column.Pack(counts),
            Instances = Column.Pack(instances),
            InHand = Column.Pack(inHand),
            HostNames = [.. names.Keys],
            Hosts = Column.Pack(hosts),
            ExitCodes = Column.Pack(exitCodes),
            Started = Column.Pack(started),
            Ended = Column.Pack(ended),
            Cumulative = Column.Pack(cumulative),
            NotBefore = Column.Pack(notBefore),
            Depths = Column.Pack(depths),
            TimedOut = Column.Pack(timedOut),
            HasResult = Column.Pack(hasResult),
            Results = [.. results],
        };
    }

    private static int Place(Dictionary<string, int> names, string? name)
    {
        if (name is null)
        {
            return 0;
        }

        if (!names.TryGetValue(name, out var place))
        {
            names.Add(name, place = names.Count + 1);
        }

        return place;
    }

    private static int[] RunsOf(byte[] statuses)
    {
        var runs = new List<int>();
        for (var seq = 0; seq < statuses.Length; seq++)
        {
            if (seq > 0 && statuses[seq] == statuses[seq - 1])
            {
                runs[^1]++;
            }
            else
            {
                runs.Add(statuses[seq]);
                runs.Add(1);
            }
        }

        return [.. runs];
    }

    private IEnumerable<int> Touched()
    {
        for (var page = 0; page < pages.Length; page++)
        {
            if (pages[page] is not { } records)
            {
                continue;
            }

            var first = page << ItemTable.PageBits;
            for (var index = 0; index < records.Length && first + index < statuses.Length; index++)
            {
                if (!records[index].IsBlank)
                {
                    yield return first + index;
                }
            }
        }
    }
}

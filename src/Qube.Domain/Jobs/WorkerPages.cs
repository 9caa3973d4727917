using System.Text;
using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>What a job says to a worker, cut into messages that remoting carries (design §8: none over 64 kB). Each page can be applied, lost and said
/// again by itself.</summary>
public static class WorkerPages
{
    /// <summary>What a page may weigh, in bytes; room is left for what surrounds it.</summary>
    private const int MaxBytes = 48_000;

    /// <summary>Numbers in one list: five bytes each at most.</summary>
    private const int MaxNumbers = 8_000;

    /// <summary>Numbers, tags and lengths of an instance or an item.</summary>
    private const int Frame = 40;

    public static IEnumerable<object> Of(object message) => message switch
    {
        WorkerMessages.SyncInstances { Instances.Length: > 1 } sync => Of(sync),
        WorkerMessages.HandOut handOut when handOut.Recorded.Length > MaxNumbers || handOut.Items.Length > 1 => Of(handOut),
        WorkerMessages.StopItems { Items.Length: > MaxNumbers } stop => stop.Items.Chunk(MaxNumbers).Select(items => stop with { Items = items }),
        _ => [message],
    };

    /// <summary>By instance. Where the list is all there is, each page is all there is from its first number to its last.</summary>
    private static IEnumerable<WorkerMessages.SyncInstances> Of(WorkerMessages.SyncInstances sync)
    {
        var head = WeightOf(sync.Command) + WeightOf(sync.User) + Frame;
        var pages = Cut(sync.Instances, MaxBytes - head, WeightOf).ToList();
        var first = 0;
        for (var at = 0; at < pages.Count; at++)
        {
            var last = at == pages.Count - 1 || !sync.Whole ? int.MaxValue : pages[at][^1].Instance;
            yield return sync with { Instances = pages[at], First = first, Last = last };
            first = sync.Whole ? last + 1 : 0;
        }
    }

    /// <summary>What is recorded goes first and the end of the instance last: it forgets no item that it has not been told is recorded.</summary>
    private static List<WorkerMessages.HandOut> Of(WorkerMessages.HandOut handOut)
    {
        var pages = handOut.Recorded.Chunk(MaxNumbers).Select(recorded => handOut with { Recorded = recorded, Items = [], Leave = false })
            .Concat(Cut(handOut.Items, MaxBytes, WeightOf).Select(items => handOut with { Recorded = [], Items = items, Leave = false }))
            .ToList();
        if (pages.Count <= 2 && handOut.Recorded.Length <= MaxNumbers && handOut.Items.Sum(WeightOf) <= MaxBytes - (5 * handOut.Recorded.Length))
        {
            // The rule: all in one.
            return [handOut];
        }

        pages[^1] = pages[^1] with { Leave = handOut.Leave };
        return pages;
    }

    private static IEnumerable<T[]> Cut<T>(T[] all, int maxBytes, Func<T, int> weigh)
    {
        var page = new List<T>();
        var weight = 0;
        foreach (var one in all)
        {
            var its = weigh(one);
            if (page.Count > 0 && weight + its > maxBytes)
            {
                yield return [.. page];
                page.Clear();
                weight = 0;
            }

            page.Add(one);
            weight += its;
        }

        if (page.Count > 0)
        {
            yield return [.. page];
        }
    }

    private static int WeightOf(WorkerMessages.InstanceState instance) => Frame + WeightOf(instance.Allocations) + instance.Items.Sum(WeightOf);

    private static int WeightOf(WorkerMessages.RunItem item) => Frame + WeightOf(item.Name) + WeightOf(item.Submitted);

    private static int WeightOf(CommandSpec command) =>
        Frame + WeightOf(command.CmdLine) + WeightOf(command.Shell) + WeightOf(command.Cwd) + WeightOf(command.RegexErrors) + WeightOf(command.RegexOutputPaths)
        + WeightOf(command.Prototype) + WeightOf(command.RegexHighlights) + WeightOf(command.RegexProgress) + command.Env.Sum(WeightOf) + command.ExportedEnv.Sum(WeightOf);

    private static int WeightOf(string text) => Encoding.UTF8.GetByteCount(text) + 4;
}

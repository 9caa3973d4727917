using Qube.Actions.Scripts;
using Xunit;

namespace Qube.Actions.Tests.Scripts;

public sealed class FairQueueTests
{
    [Fact]
    public void Should_alternate_between_keys_and_keep_order_within_one()
    {
        var queue = new FairQueue<string, int>();
        foreach ((string key, int item) in new[] { ("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5), ("b", 6) })
        {
            queue.Enqueue(key, item);
        }

        Assert.Equal([1, 4, 5, 2, 6, 3], Drain(queue));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void Should_put_a_key_at_the_end_when_it_comes_back()
    {
        var queue = new FairQueue<string, int>();
        queue.Enqueue("a", 1);
        queue.Enqueue("b", 2);
        queue.Enqueue("b", 3);
        Assert.True(queue.TryDequeue(out int first));
        queue.Enqueue("a", 4);
        Assert.Equal([2, 4, 3], Drain(queue));
        Assert.Equal(1, first);
    }

    private static List<int> Drain(FairQueue<string, int> queue)
    {
        var items = new List<int>();
        while (queue.TryDequeue(out int item))
        {
            items.Add(item);
        }

        return items;
    }
}

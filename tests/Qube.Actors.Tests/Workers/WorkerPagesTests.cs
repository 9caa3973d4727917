using Qube.Actors.Workers;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Workers;

/// <summary>A job's list of all it has on a host, said in pages: what comes of it at the node does not depend on which came first, twice, or never.</summary>
public sealed class WorkerPagesTests
{
    private readonly SimulatedNode _node = new("r1", new ManualTime(), _ => new SimulatedRun(TimeSpan.FromHours(1), 0), _ => { });

    [Theory]
    [InlineData("01", "1 4")]
    [InlineData("10", "1 4")]
    [InlineData("0101", "1 4")]
    [InlineData("0", "1 3 4 5")]
    [InlineData("1", "0 1 2 4")]
    [InlineData("", "0 1 2 3 4 5")]
    public void Should_kill_what_no_page_lists_when_pages_come_in_any_order(string order, string running)
    {
        _node.Receive(new WorkerMessages.SyncInstances { JobId = new JobId(7), Epoch = 1, Instances = [.. Enumerable.Range(0, 6).Select(State)] });
        WorkerMessages.SyncInstances[] pages =
        [
            new() { JobId = new JobId(7), Epoch = 1, Instances = [State(1)], Whole = true, First = 0, Last = 2 },
            new() { JobId = new JobId(7), Epoch = 1, Instances = [State(4)], Whole = true, First = 3 },
        ];

        foreach (var page in order)
        {
            _node.Receive(pages[page - '0']);
        }

        var ended = _node.Ended.Select(end => end.Key.Instance).ToHashSet();
        Assert.Equal(running, string.Join(' ', Enumerable.Range(0, 6).Where(instance => !ended.Contains(instance))));
    }

    private static WorkerMessages.InstanceState State(int instance) =>
        new() { Instance = instance, Run = 1, Slots = 1, Items = [new WorkerMessages.RunItem { Seq = instance, Attempt = 1, Name = "x" }] };
}

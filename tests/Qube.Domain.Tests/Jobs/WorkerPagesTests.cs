using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>Pages together say what the message said. That each is under 64 kB on the wire is tested where the wire is (Qube.Actors.Tests).</summary>
public sealed class WorkerPagesTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 40));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_cover_every_number_once_when_the_whole_list_is_said_in_pages(int seed)
    {
        var sync = BigMessages.Sync(new Random(seed), whole: true);

        var pages = WorkerPages.Of(sync).Cast<WorkerMessages.SyncInstances>().ToList();

        Assert.Equal(sync.Instances, pages.SelectMany(page => page.Instances));
        Assert.Equal(0, pages[0].First);
        Assert.Equal(int.MaxValue, pages[^1].Last);
        Assert.All(pages.Zip(pages.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
        Assert.All(pages, page => Assert.All(page.Instances, instance => Assert.InRange(instance.Instance, page.First, page.Last)));
        Assert.All(pages, page => Assert.True(page.Whole && page.Epoch == sync.Epoch && page.Command == sync.Command));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_say_the_same_when_a_hand_out_or_a_stop_is_said_in_pages(int seed)
    {
        var handOut = BigMessages.HandOut(new Random(seed));
        var stop = BigMessages.Stop(new Random(seed));

        var pages = WorkerPages.Of(handOut).Cast<WorkerMessages.HandOut>().ToList();

        Assert.Equal(handOut.Items, pages.SelectMany(page => page.Items));
        Assert.Equal(handOut.Recorded, pages.SelectMany(page => page.Recorded));
        Assert.Equal(handOut.Leave, pages[^1].Leave);
        Assert.DoesNotContain(pages.SkipLast(1), page => page.Leave);
        Assert.All(pages, page => Assert.Equal((handOut.Run, handOut.Instance, handOut.Epoch, 0), (page.Run, page.Instance, page.Epoch, page.Recorded.Length % 2)));
        Assert.Equal(stop.Items, WorkerPages.Of(stop).Cast<WorkerMessages.StopItems>().SelectMany(page => page.Items!));
    }

    [Fact]
    public void Should_name_every_item_once_and_under_other_ids_when_a_command_names_many()
    {
        var command = new JobMessages.ControlJob { RequestId = "r", Items = [.. Enumerable.Range(0, 30_000).Select(n => $"scene {n}")] };

        var pages = ControlPages.Of(command).ToList();

        Assert.Equal(command.Items, pages.SelectMany(page => page.Items));
        Assert.InRange(pages.Count, 8, 12);
        Assert.Equal(pages.Count, pages.Select(page => page.RequestId).Distinct().Count());
        Assert.Equal(pages.Select(page => page.RequestId), ControlPages.Of(command).Select(page => page.RequestId));
        Assert.Same(command, Assert.Single(ControlPages.Of(command with { Items = ["1"] })) is { RequestId: "r" } ? command : null);
        Assert.Empty(Assert.Single(ControlPages.Of(command with { Items = [] })).Items);
    }

    [Fact]
    public void Should_stay_one_message_when_it_is_short()
    {
        WorkerMessages.HandOut handOut = new() { Items = [new() { Seq = 1, Name = "1" }, new() { Seq = 2, Name = "2" }], Recorded = [0, 1], Leave = false };
        WorkerMessages.SyncInstances sync = new() { Instances = [new() { Instance = 1 }, new() { Instance = 3 }] };

        Assert.Same(handOut, Assert.Single(WorkerPages.Of(handOut)));
        Assert.Equal((0, int.MaxValue), Assert.Single(WorkerPages.Of(sync)) is WorkerMessages.SyncInstances page ? (page.First, page.Last) : default);
    }
}

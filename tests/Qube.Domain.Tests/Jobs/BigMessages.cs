using Qube.Contracts;

namespace Qube.Domain.Tests.Jobs;

/// <summary>What a job of thousands of instances, of items with long names and of a large environment says to a worker.</summary>
internal static class BigMessages
{
    public static WorkerMessages.SyncInstances Sync(Random random, bool whole)
    {
        var number = 0;
        return new WorkerMessages.SyncInstances
        {
            JobId = new JobId(300),
            Epoch = 7,
            User = "somebody",
            Whole = whole,
            Command = new CommandSpec { CmdLine = Text(random, random.Next(4000)), Env = [.. Enumerable.Range(0, random.Next(100)).Select(_ => Text(random, 100))] },
            Instances = [.. Enumerable.Range(0, random.Next(1, 3000)).Select(_ => new WorkerMessages.InstanceState
            {
                Instance = number += random.Next(1, 4),
                Run = random.Next(100),
                Slots = 1,
                Allocations = "host.processors=1,host.memory=4000",
                Items = [.. Enumerable.Range(0, random.Next(17)).Select(_ => Item(random, random.Next(300)))],
            })],
        };
    }

    public static WorkerMessages.HandOut HandOut(Random random) => new()
    {
        JobId = new JobId(300),
        Epoch = int.MaxValue,
        Instance = random.Next(100_000),
        Run = random.Next(100),
        Items = [.. Enumerable.Range(0, random.Next(17)).Select(_ => Item(random, random.Next(3000)))],
        Recorded = [.. Enumerable.Range(0, 2 * random.Next(20_000)).Select(_ => random.Next())],
        Leave = random.Next(2) == 0,
    };

    public static WorkerMessages.StopItems Stop(Random random) => new()
    {
        JobId = new JobId(300),
        Items = [.. Enumerable.Range(0, 2 * random.Next(1, 20_000)).Select(_ => random.Next())],
    };

    private static WorkerMessages.RunItem Item(Random random, int name) =>
        new() { Seq = random.Next(), Attempt = random.Next(9), Name = Text(random, name), First = long.MaxValue, Last = long.MinValue, Step = 1, IsFrames = true };

    private static string Text(Random random, int length) => new(random.Next(2) == 0 ? 'x' : '\u2603', length);
}

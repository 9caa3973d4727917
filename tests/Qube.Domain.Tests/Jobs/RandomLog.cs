using Qube.Contracts;

namespace Qube.Domain.Tests.Jobs;

/// <summary>Logs that no decider would write, with every kind of transition in them.</summary>
internal static class RandomLog
{
    private static readonly TransitionKind[] Kinds = Enum.GetValues<TransitionKind>();

    public static JobEvents.Created Created(Random random, int items) => new()
    {
        AtMs = 1,
        Spec = new JobSpec
        {
            JobId = new JobId(300),
            Pgrp = 300,
            Flags = random.Next(2) == 0 ? JobFlags.AutoWrangling : JobFlags.None,
            Instances = random.Next(1, 4),
            RetryWorkDelaySeconds = random.Next(2),
            Blocked = random.Next(3) == 0,
            BlockedItems = items > 20 && random.Next(2) == 0 ? [3, 9] : [],
            Agenda = items == 0 ? null : new AgendaSpec { Parts = [new AgendaPart { Kind = AgendaPart.FramesKind, First = 1, Last = items, Step = 1 }] },
        },
    };

    public static JobEvents.Batch Batch(Random random, int at) => new()
    {
        AtMs = 1000 + at,
        Transitions = [.. at == 0 ? Usual(random) : [], .. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Transition(random))],
    };

    /// <summary>What chance alone would seldom put in this order: an instance on a host, and an item in its hands.</summary>
    private static Transition[] Usual(Random random) =>
    [
        new() { Kind = TransitionKind.InstanceStatus, Instance = 0, Status = Status.Registering, Host = "h1", Attempt = random.Next(1, 3), Text = "host.processors=2" },
        new() { Kind = TransitionKind.ItemAssigned, Instance = 0, Seq = random.Next(3), Attempt = 1, StartedMs = 17 },
    ];

    private static Transition Transition(Random random)
    {
        var status = (Status)random.Next(12);
        return new Transition
        {
            Kind = Kinds[random.Next(Kinds.Length)],
            Seq = random.Next(20) switch { 0 => random.Next(400), 1 => -1, _ => random.Next(30) },
            Instance = random.Next(-1, 4),
            Attempt = random.Next(12),
            Verb = random.Next(3) == 0 ? JobVerb.Migrate : JobVerb.Kill,
            Status = random.Next(3) == 0 ? Status.Pending : status,
            Host = random.Next(3) == 0 ? null : $"h{random.Next(3)}",
            ExitCode = random.Next(12),
            StartedMs = random.Next(100),
            EndedMs = random.Next(1, 200),
            Depth = random.Next(3),
            Ahead = random.Next(2) == 0,
            Items = random.Next(4) == 0 ? null : [random.Next(3), random.Next(3, 6), 8, random.Next(9, 30)],
            Text = random.Next(6) switch { 0 => null, 1 => "host.processors=2", 2 => "{\"priority\":7}", _ => $"c{random.Next(2000)}" },
        };
    }
}

using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>Neither deciding nor applying throws, whatever is said: a job that throws would be recovered into the same message for ever.</summary>
public sealed class JobRobustnessTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 100));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_not_throw_when_it_is_told_nonsense(int seed)
    {
        var random = new Random(seed);
        var decider = new JobDecider(new JobState(Created(random)), new JobDeciderOptions());
        long now = 1_000_000;
        decider.Start(now);
        var said = "start";
        try
        {
            for (var step = 0; step < 300; step++)
            {
                now += random.Next(2000);
                said = Say(decider, random, now);
                if (random.Next(3) == 0)
                {
                    said = "take";
                    decider.Take(now);
                    _ = decider.Demand();
                    _ = decider.NextTimerMs();
                }
            }

            said = "show";
            _ = JobView.Json(decider.State, "", agenda: true, subjobs: true);
        }
        catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"seed {seed}, at {said}: {failure}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Should_not_throw_when_its_log_holds_nonsense(int seed)
    {
        var random = new Random(seed);
        var created = Created(random);
        var state = new JobState(created);
        var agenda = state.Agenda;
        for (var step = 0; step < 500; step++)
        {
            var transition = Transition(random);
            try
            {
                state.Apply(transition, step);
                _ = Lifecycle.Of(new JobEvents.Batch { Transitions = [transition] });
                _ = JobHistory.Of(new JobEvents.Batch { Transitions = [transition] }, created.Spec, agenda).ToList();
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}, {transition}: {failure}");
            }
        }

        _ = state.DerivedStatus();
        _ = JobSource.Of(state, 1);
    }

    private static JobEvents.Created Created(Random random) => new()
    {
        AtMs = 1,
        Spec = new JobSpec
        {
            JobId = new JobId(300),
            Pgrp = 300,
            Name = "n",
            Prototype = "cmdrange",
            Instances = random.Next(1, 4),
            RetryWork = random.Next(-1, 3),
            RetryWorkDelaySeconds = random.Next(2),
            RetrySubjob = random.Next(-1, 3),
            TimeoutSeconds = random.Next(4),
            AgendaTimeoutSeconds = random.Next(4),
            TimeLimitSeconds = random.Next(20),
            AgendaTimeLimitSeconds = random.Next(8),
            Blocked = random.Next(2) == 0,
            Agenda = random.Next(4) == 0 ? null : new AgendaSpec { Parts = [new AgendaPart { Kind = AgendaPart.FramesKind, First = -2, Last = 5, Step = 1 }, new AgendaPart { Kind = AgendaPart.NamesKind, Names = ["a b", "ü"] }] },
        },
    };

    private static string Say(JobDecider decider, Random random, long now)
    {
        int Odd() => random.Next(6) switch { 0 => -1, 1 => int.MaxValue, 2 => int.MinValue, _ => random.Next(12) };
        var host = random.Next(3) == 0 ? "" : $"h{random.Next(2)}";
        switch (random.Next(8))
        {
            case 0:
                var grant = new DispatchMessages.Grant { JobId = new JobId(300), GrantId = random.Next(50), Host = host, Allocations = ["host.processors=1", "nonsense", ""], Slots = [1] };
                decider.OnGrant(grant, now);
                return $"{grant}";
            case 1 or 2:
                var report = new WorkerMessages.Report
                {
                    JobId = new JobId(300),
                    Epoch = random.Next(3),
                    Host = host,
                    Instance = Odd(),
                    Run = random.Next(3),
                    InHand = Odd(),
                    Suspended = random.Next(3) == 0,
                    Started = [new() { Seq = Odd(), Attempt = Odd(), AtMs = now }],
                    Ended = [new() { Seq = Odd(), Attempt = random.Next(3), Outcome = (EndOutcome)random.Next(5), EndedMs = now, Result = random.Next(2) == 0 ? "" : "{}" }],
                    Returned = random.Next(2) == 0 ? [] : [Odd(), Odd()],
                };
                decider.OnReport(report, now);
                return $"{report}";
            case 3 or 4:
                var command = new JobMessages.ControlJob
                {
                    JobId = new JobId(300),
                    RequestId = random.Next(3) == 0 ? "" : $"r{random.Next(30)}",
                    Verb = (JobVerb)random.Next(18),
                    Scope = (VerbScope)random.Next(3),
                    Instances = random.Next(2) == 0 ? [] : [Odd()],
                    Items = random.Next(2) == 0 ? [] : ["3", "a b", "no such", "", "1-4"],
                    Intervals = random.Next(2) == 0 ? [] : [long.MinValue, long.MaxValue],
                    FromCallback = random.Next(2) == 0,
                    OnlyOne = random.Next(4) == 0,
                    User = "u",
                    Depth = random.Next(3),
                };
                decider.OnControl(command, Asker, now);
                return $"{command}";
            case 5:
                decider.OnHostArrived(host, "i");
                decider.OnYieldParked(host, now);
                return "host arrived";
            case 6:
                decider.OnHostLost(host, "why", now);
                decider.OnTimer(now);
                return "host lost";
            default:
                var modify = new JobMessages.ModifyJob { JobId = new JobId(300), RequestId = $"m{random.Next(20)}", Params = Changes[random.Next(Changes.Length)] };
                var joined = decider.GroupFor(modify) is { } join && random.Next(2) == 0
                    ? new FarmMessages.GroupJoined { Pgrp = join.Pgrp, JobId = join.JobId, Label = "l", Problem = random.Next(2) == 0 ? "" : "no" }
                    : null;
                decider.OnModify(modify, Asker, now, joined);
                decider.OnCallbacksIdle(now);
                return $"{modify}";
        }
    }

    private static readonly object Asker = new();

    private static readonly string[] Changes =
    [
        "[]", "{", "{\"priority\":\"x\"}", "{\"priority\":5,\"hosts\":null}", "{\"cpus\":1}", "{\"cpus\":\"9\"}", "{\"cpus\":99999999999}", "{\"pgrp\":300}", "{\"pgrp\":-1}",
        "{\"pgrp\":12,\"label\":\"b\"}", "{\"label\":\"\\ud800\"}", "{\"label\":\"a&b\"}", "{\"env\":5}", "{\"env\":{\"A\":[1]}}", "{\"package\":{\"cmdline\":\"\"}}",
        "{\"data\":\"(=(\"}", "{\"data\":\"(=(cmdline=ls))\"}", "{\"requirements\":\"host.os =\"}", "{\"requirements\":\"host.os = linux\"}", "{\"timeout\":3,\"timelimit\":1}",
        "{\"status\":\"complete\"}", "{\"mine\":{\"a\":1}}", "{\"name\":\"a\\\"b\"}", "{\"agendatimeout\":\"2\",\"agenda_timelimit\":-1}",
    ];

    private static Transition Transition(Random random)
    {
        int Odd() => random.Next(6) switch { 0 => -1, 1 => int.MaxValue, 2 => int.MinValue, _ => random.Next(12) };
        return new Transition
        {
            Kind = (TransitionKind)random.Next(23),
            Seq = Odd(),
            Instance = Odd(),
            Attempt = random.Next(12),
            Status = (Status)random.Next(12),
            Host = random.Next(2) == 0 ? null : "h",
            ExitCode = random.Next(12),
            StartedMs = random.Next(100),
            EndedMs = random.Next(100),
            Depth = random.Next(3),
            Verb = (JobVerb)random.Next(18),
            Ahead = random.Next(2) == 0,
            Items = random.Next(3) == 0 ? null : [0, random.Next(3), 5, random.Next(5, 30)],
            Text = random.Next(3) switch { 0 => null, 1 => "{}", _ => "host.processors=x" },
        };
    }
}

using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Contracts.Launching;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;

namespace Qube.Actors.Tests.Workers;

/// <summary>One job's real decider and worker nodes' real rules, with a network between them that loses, repeats and reorders by a seed, nodes that
/// lose their memory, launchers that die and a job that recovers from its log. The checks stand apart, in the tests.</summary>
internal sealed class LossyFarm
{
    private const int TickMs = 500;
    private static readonly JobId s_job = new(250);

    private readonly Random _random;
    private readonly ManualTime _time = new();
    private readonly List<object> _log = [];
    private readonly List<(long DueMs, string? Host, int Incarnation, object Message)> _network = [];
    private readonly int _slots;
    private JobDecider _decider;
    private long _grant;
    private long _lastTickMs;
    private bool _hasFaults = true;

    public LossyFarm(int seed, int items, int instances, int hosts, int slots, Func<Random, LaunchRequest, SimulatedRun>? behaviour = null)
    {
        _random = new Random(seed);
        _slots = slots;
        var created = new JobEvents.Created
        {
            AtMs = NowMs,
            Spec = new JobSpec
            {
                JobId = s_job,
                Pgrp = 250,
                Prototype = "cmdrange",
                Instances = instances,
                RetryWork = -1,
                Agenda = items == 0 ? null : Agenda.OfFrames(FrameRange.Parse($"1-{items}").Required()).Required().ToSpec(),
            },
        };
        _log.Add(created);
        Nodes = [.. Enumerable.Range(1, hosts).Select(number => new SimulatedNode(
            $"h{number}", _time, request => (behaviour ?? Usual)(_random, request), message => Send(null, 0, message)))];
        _decider = new JobDecider(new JobState(created), new JobDeciderOptions());
        _decider.Start(NowMs);
        Commit();
    }

    public SimulatedNode[] Nodes { get; }

    public JobState State => _decider.State;

    /// <summary>How many messages went each way, repetitions by the network not counted.</summary>
    public int Messages { get; private set; }

    public long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The job is over, every end is recorded and forgotten, and no node remembers anything of it.</summary>
    public bool IsQuiet => State.Status.IsTerminal() && Nodes.All(node => node.Launcher is { RunningCount: 0, UnrecordedCount: 0 } && node.Rules.JobCount == 0);

    public void Step(Action<JobDecider, Random, long>? verbs = null)
    {
        _time.AdvanceMs(_random.Next(1, 120));
        foreach (var node in Nodes)
        {
            node.Pump();
            if (_random.Next(3) == 0)
            {
                node.HoldOver();
            }
        }

        Deliver();
        if (NowMs - _lastTickMs >= TickMs)
        {
            _lastTickMs = NowMs;
            Array.ForEach(Nodes, node => node.Tick());
        }

        if (_decider.NextTimerMs() is { } due && due <= NowMs)
        {
            _decider.OnTimer(NowMs);
        }

        if (_hasFaults)
        {
            Fault();
            verbs?.Invoke(_decider, _random, NowMs);
        }

        Grant();
        Commit();
    }

    /// <summary>The network and everybody on it behave from now on.</summary>
    public void Calm() => _hasFaults = false;

    public void Control(JobVerb verb)
    {
        _decider.OnControl(new JobMessages.ControlJob { JobId = s_job, RequestId = $"{verb}", Verb = verb }, new object(), NowMs);
        Commit();
    }

    /// <summary>Calm, until all is over.</summary>
    public void RunToEnd(int stepLimit = 40_000)
    {
        Calm();
        for (var step = 0; step < stepLimit && !IsQuiet; step++)
        {
            Step();
        }
    }

    public string Describe() =>
        $"job {State.Status}, items complete {State.Items.CountOf(Status.Complete)} running {State.Items.CountOf(Status.Running)} registering "
        + $"{State.Items.CountOf(Status.Registering)} pending {State.Items.CountOf(Status.Pending)}; "
        + string.Join("; ", State.Instances.Select(i => $"{i.Id}: {i.Status} on {i.Host} run {i.Run} in hand {string.Join(',', i.InHand)}")) + "; "
        + string.Join("; ", Nodes.Select(n => $"{n.Host}: running {n.Launcher.RunningCount} unrecorded {n.Launcher.UnrecordedCount} jobs {n.Rules.JobCount}"));

    private static SimulatedRun Usual(Random random, LaunchRequest request) =>
        new(random.Next(3) == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(random.Next(1, random.Next(20) == 0 ? 3000 : 40)));

    private void Fault()
    {
        var node = Nodes[_random.Next(Nodes.Length)];
        switch (_random.Next(120))
        {
            case 0:
                node.Restart();
                // The dispatcher says so when the host attaches; sometimes much later, sometimes to a job that has moved meanwhile.
                if (_random.Next(3) > 0)
                {
                    _decider.OnHostArrived(node.Host, $"{node.Incarnation}");
                }

                break;
            case 1:
                node.Launcher.Crash();
                break;
            case 2:
                Recover();
                break;
            case 3 or 4:
                node.GateChanged();
                break;
            case 5:
                _decider.OnHostArrived(node.Host, $"{node.Incarnation}");
                break;
        }
    }

    private void Recover()
    {
        var state = new JobState((JobEvents.Created)_log[0]);
        foreach (var batch in _log.Skip(1).Cast<JobEvents.Batch>())
        {
            state.Apply(batch);
        }

        _decider = new JobDecider(state, new JobDeciderOptions());
        _decider.Start(NowMs);
        Commit();
    }

    private void Grant()
    {
        foreach (var node in Nodes)
        {
            var used = State.Instances.Count(instance => instance.Host == node.Host);
            if (used < _slots && _decider.Demand().Wanted > 0)
            {
                _decider.OnGrant(
                    new DispatchMessages.Grant
                    {
                        JobId = s_job,
                        GrantId = ++_grant,
                        Host = node.Host,
                        Incarnation = $"{node.Incarnation}",
                        Allocations = ["host.processors=1"],
                        Slots = [1],
                    },
                    NowMs);
            }
        }
    }

    private void Commit()
    {
        var (batch, outbox) = _decider.Take(NowMs);
        if (batch is not null)
        {
            _log.Add(batch);
        }

        foreach (var (host, message) in outbox.ToWorkers)
        {
            Send(host, Nodes.First(node => node.Host == host).Incarnation, message);
        }

        foreach (var attempt in outbox.Attempts)
        {
            // A frame's journal has it; its word to the worker goes by the same network.
            Send(attempt.Attempt.Host, Nodes.First(node => node.Host == attempt.Attempt.Host).Incarnation, new WorkerMessages.HandOut
            {
                JobId = s_job,
                Epoch = State.Epoch,
                Instance = attempt.Attempt.Instance,
                Run = attempt.Run,
                Recorded = [attempt.Seq, attempt.Attempt.Attempt],
            });
        }
    }

    private void Send(string? host, int incarnation, object message)
    {
        Messages++;
        if (_hasFaults && _random.Next(8) == 0)
        {
            return;
        }

        for (var copies = _hasFaults && _random.Next(6) == 0 ? 2 : 1; copies > 0; copies--)
        {
            var delayMs = !_hasFaults ? 0 : _random.Next(10) == 0 ? _random.Next(20_000) : _random.Next(60);
            _network.Add((NowMs + delayMs, host, incarnation, message));
        }
    }

    private void Deliver()
    {
        var due = _network.Where(sent => sent.DueMs <= NowMs).OrderBy(_ => _hasFaults ? _random.Next() : 0).ToList();
        _network.RemoveAll(sent => sent.DueMs <= NowMs);
        foreach (var (_, host, incarnation, message) in due)
        {
            if (host is not null)
            {
                // To one incarnation: its successor has another address.
                if (Nodes.First(node => node.Host == host) is { } node && node.Incarnation == incarnation)
                {
                    node.Receive(message);
                }
            }
            else if (message is WorkerMessages.Report report)
            {
                _decider.OnReport(report, NowMs);
            }
        }
    }
}

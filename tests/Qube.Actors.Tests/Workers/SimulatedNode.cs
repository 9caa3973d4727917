using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Actors.Tests.Workers;

/// <summary>A worker node without an actor: the rules, carried out against a simulated launcher at once and in one thread. It can lose its memory
/// and find its launcher again.</summary>
internal sealed class SimulatedNode
{
    private readonly ManualTime _time;
    private readonly WorkerOptions _options;
    private readonly Action<object> _say;
    private readonly Queue<LaunchEvent> _events = [];
    private WorkerInstances _rules;
    private ILauncher? _client;

    public SimulatedNode(string host, ManualTime time, Func<LaunchRequest, SimulatedRun> behaviour, Action<object> say, WorkerOptions? options = null)
    {
        (_time, _say) = (time, say);
        _options = options ?? new WorkerOptions { Host = host };
        Launcher = new SimulatedLauncher(time, behaviour, TimeSpan.FromDays(1000));
        Launcher.ProcessEnded += Ended.Add;
        _rules = new WorkerInstances(host, _options);
        Restart();
    }

    public string Host => _options.Host;

    public SimulatedLauncher Launcher { get; }

    /// <summary>Every process, as it ended.</summary>
    public List<LaunchEvent.Ended> Ended { get; } = [];

    public WorkerInstances Rules => _rules;

    public int Incarnation { get; private set; }

    private WorkerClock Now => WorkerClock.Of(_time);

    public void Restart()
    {
        Incarnation++;
        _rules = new WorkerInstances(Host, _options);
        _events.Clear();
        // The client of an earlier incarnation is displaced and must not be heard here.
        var mine = Incarnation;
        var connecting = Launcher.Connect(
            launchEvent =>
            {
                if (mine == Incarnation)
                {
                    _events.Enqueue(launchEvent);
                }
            },
            CancellationToken.None);
        _client = connecting.GetAwaiter().GetResult();
        Pump();
    }

    public void Receive(object message)
    {
        switch (message)
        {
            case WorkerMessages.SyncInstances sync:
                _rules.OnSync(sync, Now);
                break;
            case WorkerMessages.HandOut handOut:
                _rules.OnHandOut(handOut, Now);
                break;
            case WorkerMessages.StopItems stop:
                _rules.OnStop(stop, Now);
                break;
            case WorkerMessages.SuspendInstance suspend:
                _rules.OnSuspend(suspend);
                break;
            default:
                throw new ArgumentException($"no worker gets {message.GetType()}", nameof(message));
        }

        CarryOut(isHoldOver: false);
        Pump();
    }

    public void GateChanged()
    {
        _rules.OnGateChanged(Now);
        CarryOut(isHoldOver: false);
    }

    public void Drain()
    {
        _rules.Drain();
        CarryOut(isHoldOver: false);
    }

    /// <summary>What the launcher said meanwhile, and what the clock asks for.</summary>
    public void Pump()
    {
        while (_events.TryDequeue(out var launchEvent))
        {
            switch (launchEvent)
            {
                case LaunchEvent.Started started:
                    _rules.OnStarted(started, Now);
                    break;
                case LaunchEvent.Ended ended:
                    _rules.OnEnded(ended, Now);
                    break;
                case LaunchEvent.Refused refused:
                    _rules.OnRefused(refused, Now);
                    break;
                case LaunchEvent.Snapshot snapshot:
                    _rules.OnSnapshot(snapshot, Now);
                    break;
            }

            CarryOut(isHoldOver: false);
        }
    }

    public void Tick()
    {
        _rules.OnTick(Now);
        CarryOut(isHoldOver: true);
        Pump();
    }

    public void HoldOver()
    {
        CarryOut(isHoldOver: true);
        Pump();
    }

    private void CarryOut(bool isHoldOver)
    {
        _rules.Collect(isHoldOver, Now);
        var outbox = _rules.Outbox;
        ReadOrder[] reads = [.. outbox.Reads];
        LaunchOrder[] launches = [.. outbox.Launches];
        KillOrder[] kills = [.. outbox.Kills];
        LaunchKey[] suspends = [.. outbox.Suspends];
        LaunchKey[] resumes = [.. outbox.Resumes];
        LaunchKey[] forgotten = [.. outbox.Forgotten];
        object[] messages = [.. outbox.Messages];
        outbox.Clear();
        foreach (var launch in launches)
        {
            _client!.Start(new LaunchRequest(launch.Item.Key, launch.Instance.Job.Epoch, new LaunchCommand.ShellLine("x"), [], null, null, null));
        }

        foreach (var key in suspends)
        {
            _client!.Suspend(key);
        }

        foreach (var key in resumes)
        {
            _client!.Resume(key);
        }

        foreach (var kill in kills)
        {
            _client!.Kill(kill.Key, kill.Grace);
        }

        _client?.Forget(forgotten);
        foreach (var message in messages)
        {
            _say(message);
        }

        foreach (var read in reads)
        {
            _rules.Judge(read.Item.End.Key, default);
        }
    }
}

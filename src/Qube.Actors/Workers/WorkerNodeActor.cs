using Akka.Actor;
using Akka.Event;
using Qube.Actors.Paging;
using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>
/// A render host of the farm (design.md §2, §4 steps 5 to 8): attaches to a gate, runs what jobs hand it through its launcher, and reports
/// until its reports are recorded. It stores nothing: the launcher's run file is its memory.
/// </summary>
/// <remarks>The rules are in <see cref="WorkerInstances"/>; here are the conversation, the clock and the files.</remarks>
#pragma warning disable CA1001 // An actor's end is PostStop: what it owns is disposed there.
public sealed partial class WorkerNodeActor : UntypedActor
{
    private const int TickMs = 500;

    /// <summary>Between SIGTERM and SIGKILL of what a node that goes has to leave.</summary>
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);


    private readonly WorkerOptions _options;
    private readonly LauncherConnector _connect;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly WorkerInstances _instances;
    private readonly GateLink _gate;
    private readonly CancellationTokenSource _stopping = new();
    private readonly IReadOnlyDictionary<string, string> _baseEnvironment;
    private readonly List<IActorRef> _drainWatchers = [];
    private readonly ITimer _tick;
    private readonly ITimer _hold;
    private ILauncher? _launcher;
    private bool _hasSnapshot;
    private long _holdUntilMs = long.MaxValue;
    private string _logPath;
    private string _supervisor;

    /// <param name="options">What this host is.</param>
    /// <param name="connect">Reaches its launcher.</param>
    /// <param name="gates">Gates of the farm, each an <see cref="IActorRef"/> or an <see cref="ActorSelection"/>; the first is tried first.</param>
    /// <param name="time">All clocks and timers.</param>
    /// <param name="gateAt">The gate of a supervisor by its address, of which other gates tell; null where there is only one.</param>
    public WorkerNodeActor(WorkerOptions options, LauncherConnector connect, IReadOnlyList<ICanTell> gates, TimeProvider time, Func<string, ICanTell>? gateAt = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Validate();
        _connect = connect;
        _time = time;
        _instances = new WorkerInstances(options.Host, options);
        _gate = new GateLink(gates, options, options.ToAttach(Guid.NewGuid().ToString("N")), Self, gateAt);
        _baseEnvironment = options.ReadBaseEnvironment();
        (_logPath, _supervisor) = (options.LogPath, options.SupervisorUrl);
        var self = Self;
        _tick = time.CreateTimer(_ => self.Tell(Tick.Instance), null, TimeSpan.FromMilliseconds(TickMs), TimeSpan.FromMilliseconds(TickMs));
        _hold = time.CreateTimer(_ => self.Tell(HoldOver.Instance), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc cref="WorkerNodeActor(WorkerOptions, LauncherConnector, IReadOnlyList{ICanTell}, TimeProvider, Func{string, ICanTell})"/>
    public static Props Props(WorkerOptions options, LauncherConnector connect, IReadOnlyList<ICanTell> gates, TimeProvider time, Func<string, ICanTell>? gateAt = null) =>
        Akka.Actor.Props.Create(() => new WorkerNodeActor(options, connect, gates, time, gateAt));

    protected override void PreStart() => Connect();

    protected override void PostStop()
    {
        _tick.Dispose();
        _hold.Dispose();
        _stopping.Cancel();
        // What runs goes on, and its launcher with it: another incarnation finds them there. One with nothing to do ends.
        _ = _launcher?.ShutdownAsync(killAll: false);
    }

    protected override void OnReceive(object message)
    {
        var now = WorkerClock.Of(_time);
        switch (message)
        {
            case FromLauncher from:
                CrashPoints.Pass(WorkerCrashPoints.AfterLaunchEvent);
                OnLaunchEvent(from.Event, now);
                break;

            case WorkerMessages.HandOut handOut:
                if (IsReady)
                {
                    if (handOut.Recorded.Length > 0)
                    {
                        CrashPoints.Pass(WorkerCrashPoints.AfterRecorded);
                    }

                    _instances.OnHandOut(handOut, now);
                }

                break;

            case HoldOver:
                _holdUntilMs = long.MaxValue;
                _instances.Collect(isHoldOver: true, now);
                break;

            case WorkerMessages.SyncInstances sync:
                if (IsReady)
                {
                    _instances.OnSync(sync, now);
                }

                break;

            case WorkerMessages.StopItems stop:
                if (IsReady)
                {
                    _instances.OnStop(stop, now);
                }

                break;

            case WorkerMessages.SuspendInstance suspend:
                if (IsReady)
                {
                    _instances.OnSuspend(suspend);
                }

                break;

            case OutputRead read:
                _instances.Judge(read.Key, read.Verdict);
                break;

            case WorkerMessages.Attached attached:
                OnAttached(attached, now);
                break;

            case Tick:
                OnTick(now);
                break;

            case Connected connected:
                _launcher = connected.Launcher;
                Greet(now);
                break;

            case NotConnected failure:
                _log.Error(failure.Cause, "the launcher of host {0} cannot be reached", _options.Host);
                _ = Task.Delay(TimeSpan.FromMilliseconds(_options.LauncherRetryMs), _time, _stopping.Token)
                    .ContinueWith(_ => Retry.Instance, TaskScheduler.Default)
                    .PipeTo(Self);
                break;

            case Retry:
                Connect();
                break;

            case JobMessages.Page page:
                Pages.Whole(page, Self).PipeTo(Self, Sender);
                break;

            case Akka.Actor.Status.Failure failure:
                _log.Warning("what a job began to say was not heard to its end, and will be said again: {0}", failure.Cause.Message);
                break;

            case Drain drain:
                _drainWatchers.Add(Sender);
                _instances.Drain();
                if (drain.Kill)
                {
                    _instances.StopAll(KillGrace, now);
                }

                _gate.Drain();
                Greet(now);
                break;

            default:
                Unhandled(message);
                return;
        }

        CarryOut(now);
    }

    /// <summary>Before that nothing is known of what runs here; whoever speaks now says it again when the host attaches.</summary>
    private bool IsReady => _launcher is not null && _hasSnapshot;

    private void Connect()
    {
        var self = Self;
        Task<ILauncher> connecting;
        try
        {
            connecting = _connect(launchEvent => self.Tell(new FromLauncher(launchEvent)), _stopping.Token);
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            connecting = Task.FromException<ILauncher>(exception);
        }

        connecting.PipeTo(self, success: static launcher => new Connected(launcher), failure: static cause => new NotConnected(cause));
    }

    private void OnLaunchEvent(LaunchEvent launchEvent, WorkerClock now)
    {
        switch (launchEvent)
        {
            case LaunchEvent.Ended ended:
                _instances.OnEnded(ended, now);
                break;
            case LaunchEvent.Started started:
                _instances.OnStarted(started, now);
                break;
            case LaunchEvent.Refused refused:
                _instances.OnRefused(refused, now);
                break;
            case LaunchEvent.Snapshot snapshot:
                _instances.OnSnapshot(snapshot, now);
                _hasSnapshot = true;
                Greet(now);
                break;
            case LaunchEvent.Displaced:
                _log.Error("another worker node has taken over the launcher of host {0}: this one ends", _options.Host);
                Context.Stop(Self);
                break;
        }
    }

    /// <summary>Only now: what a job then says meets all that is known of it.</summary>
    private void Greet(WorkerClock now)
    {
        if (IsReady)
        {
            _gate.Beat(now);
        }
    }

    private void OnAttached(WorkerMessages.Attached attached, WorkerClock now)
    {
        if (GateLink.RenewsLease(attached, now))
        {
            _launcher?.RenewLease();
        }

        _logPath = attached.LogPath.Length > 0 ? attached.LogPath : _options.LogPath;
        _supervisor = attached.SupervisorUrl.Length > 0 ? attached.SupervisorUrl : _options.SupervisorUrl;
        _gate.Learn(attached.Supervisors);
        if (_gate.OnAnswer(Sender))
        {
            _log.Info("host {0} is attached to {1}", _options.Host, Sender);
            _options.OnAttached?.Invoke(attached);
            _instances.OnGateChanged(now);
        }
    }

    private void OnTick(WorkerClock now)
    {
        if (!IsReady)
        {
            return;
        }

        _gate.OnTick(now);
        _instances.OnTick(now);
    }

    /// <summary>Does what the rules want done, in the order that <see cref="WorkerOutbox"/> gives the reasons for.</summary>
    private void CarryOut(WorkerClock now)
    {
        _instances.Collect(isHoldOver: false, now);
        var outbox = _instances.Outbox;
        foreach (var order in outbox.Reads)
        {
            Read(order);
        }

        foreach (var order in outbox.Launches)
        {
            Launch(order);
        }

        foreach (var key in outbox.Suspends)
        {
            _launcher!.Suspend(key);
        }

        foreach (var key in outbox.Resumes)
        {
            _launcher!.Resume(key);
        }

        foreach (var order in outbox.Kills)
        {
            _launcher!.Kill(order.Key, order.Grace);
        }

        foreach (var close in outbox.Closes)
        {
            _launcher!.CloseBackEnd(close.JobId, close.Instance, close.Run, close.Status);
        }

        if (outbox.Forgotten.Count > 0)
        {
            CrashPoints.Pass(WorkerCrashPoints.BeforeForget);
            _launcher!.Forget([.. outbox.Forgotten]);
        }

        foreach (var message in outbox.Messages)
        {
            CrashPoints.Pass(WorkerCrashPoints.BeforeReport);
            _gate.Tell(message, Context);
            CrashPoints.Pass(WorkerCrashPoints.AfterReport);
        }

        outbox.Clear();
        if (_instances.HoldMs is { } holdMs && now.MonotonicMs + holdMs < _holdUntilMs)
        {
            _holdUntilMs = now.MonotonicMs + holdMs;
            _hold.Change(TimeSpan.FromMilliseconds(holdMs), Timeout.InfiniteTimeSpan);
        }

        if (_drainWatchers.Count > 0 && _instances.IsIdle)
        {
            _drainWatchers.ForEach(watcher => watcher.Tell(new Drained(), Self));
            _drainWatchers.Clear();
        }
    }

    /// <summary>Local: this node is to go. Nothing starts any more, what has not started is given back; answered by <see cref="Drained"/>
    /// once nothing runs and all is recorded. Whoever cannot wait that long stops the actor: the launcher goes on.</summary>
    /// <param name="Kill">What runs is killed, to run again elsewhere at once and with no try counted.</param>
    public sealed record Drain(bool Kill = false) : INoSerializationVerificationNeeded;

    /// <summary>Answers <see cref="Drain"/>.</summary>
    public sealed record Drained : INoSerializationVerificationNeeded;

    /// <summary>What a launcher says never leaves the process.</summary>
    private sealed record FromLauncher(LaunchEvent Event) : INoSerializationVerificationNeeded;

    private sealed record NotConnected(Exception Cause) : INoSerializationVerificationNeeded;

    private sealed record Connected(ILauncher Launcher) : INoSerializationVerificationNeeded;

    private sealed record OutputRead(LaunchKey Key, OutputVerdict Verdict) : INoSerializationVerificationNeeded;

    private sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    private sealed record HoldOver : INoSerializationVerificationNeeded
    {
        public static readonly HoldOver Instance = new();
    }

    private sealed record Retry : INoSerializationVerificationNeeded
    {
        public static readonly Retry Instance = new();
    }
}

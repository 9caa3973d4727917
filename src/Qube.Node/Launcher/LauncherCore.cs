using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// The launcher itself, apart from its socket: starts, waits, kills, and writes down. Three threads meet here under one lock: the
/// socket's (the only one that spawns), the reaper, the clock. See DESIGN.md for the order of records and messages.
/// </summary>
internal sealed partial class LauncherCore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Bell _clockBell = new();
    private readonly Bell _reaperBell = new();
    private readonly RunFile _run;
    private readonly Outbox _outbox;
    private readonly TimeProvider _time;
    private readonly long _leaseMs;
    private readonly Spawner _spawner = new();
    private readonly Dictionary<LaunchKey, RunningProcess> _running = [];
    private readonly Dictionary<int, RunningProcess> _byPid = [];
    private long _leaseUntilBootMs;
    private long _clientGoneBootMs;
    private bool _clientHere;
    private bool _stopping;
    private bool _spawning;
    private bool _reaperWaits;
    private long _napUntilBootMs;

    /// <param name="run">The run file, mended; whatever it still holds as running is a dead launcher's that would not die yet.</param>
    /// <param name="outbox">To the client.</param>
    /// <param name="time">For the times in records; leases and graces are counted on the clock since boot.</param>
    /// <param name="leaseMs">Length of the host's lease.</param>
    internal LauncherCore(RunFile run, Outbox outbox, TimeProvider time, long leaseMs)
    {
        (_run, _outbox, _time, _leaseMs) = (run, outbox, time, leaseMs);
        _clientGoneBootMs = Libc.BootMs();
        _leaseUntilBootMs = _clientGoneBootMs + leaseMs;
        var unreported = run.State.BackEndItems();
        foreach (var left in run.State.Running.Values.ToList())
        {
            var process = new RunningProcess(left, long.MaxValue) { IsUnreported = unreported.Contains(left.Key), Cause = KillCause.Abandoned, PidFd = ProcFs.OpenVerified(left.Pid, left.StartTicks) };
            if (process.PidFd < 0)
            {
                End(EndOf(process, null));
                continue;
            }

            _running.Add(left.Key, process);
        }
    }

    /// <summary>True once the launcher has nothing more to do and should end.</summary>
    internal bool Finished
    {
        get
        {
            lock (_gate)
            {
                return _stopping && _running.Count == 0 && !_spawning;
            }
        }
    }

    /// <summary>A client is there: it is told everything.</summary>
    internal void ClientArrived(int fd)
    {
        lock (_gate)
        {
            _clientHere = true;
            ForgetWaiting();
            _outbox.Attach(fd);
            _outbox.Put(_run.State, LauncherProtocol.WriteSnapshot);
        }

        _outbox.Flush();
    }

    internal void ClientLeft()
    {
        lock (_gate)
        {
            _clientHere = false;
            _clientGoneBootMs = Libc.BootMs();
            _outbox.Attach(-1);
        }
    }

    /// <summary>Starts a process, unless the key is known already. Called by one thread only; returns after its exec.</summary>
    internal void Start(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        var key = reader.Key();
        var epoch = reader.Int32();
        lock (_gate)
        {
            if (AnsweredAlready(key, epoch))
            {
                return;
            }

            _run.Append(new IntentRecord(key, epoch, UnixMs(), Libc.BootTicks()));
            _spawning = true;
        }

        Spawn(key, epoch, reader.Bytes(reader.Remaining), first: null);
    }

    /// <summary>The intent is on file and <see cref="_spawning"/> is set.</summary>
    /// <param name="key">The process.</param>
    /// <param name="epoch">Of the job.</param>
    /// <param name="frame">The request, from the working directory on.</param>
    /// <param name="first">For a back end: its first item.</param>
    private void Spawn(LaunchKey key, int epoch, ReadOnlySpan<byte> frame, (LaunchKey Key, int Run, string Item)? first)
    {
        var (ours, theirs) = first is null ? (-1, -1) : Libc.NewPair();
        CrashPoints.Pass(CrashPointNames.LauncherBeforeSpawn);
        Spawner.Result result;
        try
        {
            result = _spawner.Spawn(frame, $"{SpawnMark.Variable}={_run.Mark(key)}", theirs);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            // The intent is on file and must get its end; and the reaper waits for us.
            LauncherLog.Write($"{key}: not a start request: {e.Message}");
            result = new Spawner.Result(0, Spawner.NotExecutable, 0);
        }

        if (theirs >= 0)
        {
            _ = Libc.Close(theirs);
        }

        CrashPoints.Pass(CrashPointNames.LauncherAfterSpawn);
        bool reaperWaits;
        bool wakesClock;
        lock (_gate)
        {
            _spawning = false;
            if (result.Pid > 0)
            {
                var started = new StartedRecord(key, epoch, result.Pid, result.StartTicks, UnixMs());
                CrashPoints.Pass(CrashPointNames.LauncherBeforeStarted);
                _run.Append(started);
                CrashPoints.Pass(CrashPointNames.LauncherAfterStarted);
                var process = new RunningProcess(started, Libc.BootMs() + _leaseMs);
                _running.Add(key, process);
                _byPid.Add(result.Pid, process);
                if (_stopping)
                {
                    process.Cause = KillCause.Abandoned;
                    process.ForceAtBootMs = 0;
                }

                _outbox.Put(started, LauncherProtocol.Write);
                if (first is { } item)
                {
                    Register(key, epoch, item, ours);
                }
            }
            else
            {
                var now = UnixMs();
                if (first is { } item)
                {
                    _ = Libc.Close(ours);
                    End(new EndedRecord(item.Key, epoch, LaunchOutcome.Exited, result.ExitCode, now, now, default));
                }

                End(new EndedRecord(key, epoch, LaunchOutcome.Exited, result.ExitCode, now, now, default));
            }

            (reaperWaits, _reaperWaits) = (_reaperWaits, false);
            wakesClock = _stopping || Libc.BootMs() + _leaseMs < _napUntilBootMs;
        }

        // The word of it first: whoever is woken may take the processor, and the next frame waits for that word.
        _outbox.Flush();
        if (reaperWaits)
        {
            _reaperBell.Ring();
        }

        if (wakesClock)
        {
            _clockBell.Ring();
        }
    }

    /// <summary>SIGTERM now, SIGKILL after the grace.</summary>
    internal void Kill(LaunchKey key, long graceMs)
    {
        lock (_gate)
        {
            if (ProcessOf(key) is not { } target)
            {
                return;
            }

            if (!_running.TryGetValue(target, out var process))
            {
                AnswerKillOfEnded(key);
                return;
            }

            var first = process.ForceAtBootMs == long.MaxValue;
            process.ForceAtBootMs = Math.Min(process.ForceAtBootMs, Libc.BootMs() + Math.Max(0, graceMs));
            if (graceMs > 0 && first)
            {
                Libc.KillGroup(process.Record.Pid, Libc.SIGTERM);

                // A stopped process hears SIGTERM only when it goes on.
                Libc.KillGroup(process.Record.Pid, Libc.SIGCONT);
            }

            _clockBell.Ring();
        }
    }

    /// <summary>A signal to the process group, if it runs.</summary>
    internal void Signal(LaunchKey key, int signal)
    {
        lock (_gate)
        {
            var target = _items.TryGetValue(key, out var backEnd) && backEnd.Current?.Key == key ? backEnd.Process : key;
            if (_running.TryGetValue(target, out var process))
            {
                Libc.KillGroup(process.Record.Pid, signal);
            }
        }
    }

    /// <summary>These ends are recorded elsewhere.</summary>
    internal void Forget(List<LaunchKey> keys)
    {
        lock (_gate)
        {
            // Only what has ended: a running process is never forgotten, whatever the client believes.
            keys.RemoveAll(k => !_run.State.Ended.ContainsKey(k));
            if (keys.Count > 0)
            {
                _run.AppendRecorded(keys);
            }

            if (_run.WantsCompaction)
            {
                _run.Compact();
            }
        }
    }

    internal void RenewLease()
    {
        lock (_gate)
        {
            _leaseUntilBootMs = Libc.BootMs() + _leaseMs;
        }
    }

    /// <summary>Ends the launcher if nothing runs, or kills everything first. False: something runs and stays.</summary>
    internal bool Shutdown(bool killAll)
    {
        lock (_gate)
        {
            if (_running.Count > 0 && !killAll)
            {
                return false;
            }

            _stopping = true;
            foreach (var process in _running.Values)
            {
                process.Cause = KillCause.Abandoned;
                process.ForceAtBootMs = 0;
            }

            _clockBell.Ring();
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _run.Sync();
            _run.Dispose();
        }

        // The bells stay: the reaper may still wait for its own, and the process ends now.
    }

    private long UnixMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool AnsweredAlready(LaunchKey key, int epoch)
    {
        var highest = _run.State.HighestEpoch(key.JobId);
        if (epoch < highest)
        {
            Refuse(key, epoch, LaunchRefusal.StaleEpoch);
            return true;
        }

        // A newer incarnation of the job asks: from here on it is told under its own epoch, or it would take the answer for stale.
        if (_run.State.Ended.TryGetValue(key, out var ended))
        {
            if (epoch > ended.Epoch)
            {
                ended = ended with { Epoch = epoch };
                _run.Append(ended);
            }

            _outbox.Put(ended, LauncherProtocol.Write);
            return true;
        }

        if (_running.TryGetValue(key, out var process))
        {
            if (epoch > process.Record.Epoch)
            {
                process.Record = process.Record with { Epoch = epoch };
                _run.Append(process.Record);
            }

            _outbox.Put(process.Record, LauncherProtocol.Write);
            return true;
        }

        if (AnsweredAsItem(key, epoch))
        {
            return true;
        }

        if (_run.State.WasRecorded(key))
        {
            Refuse(key, epoch, LaunchRefusal.AlreadyRecorded);
            return true;
        }

        // What is still asked for while the launcher goes down is left to the next one: the client asks again.
        return _stopping;
    }

    private void AnswerKillOfEnded(LaunchKey key)
    {
        if (_run.State.Ended.TryGetValue(key, out var ended))
        {
            _outbox.Put(ended, LauncherProtocol.Write);
        }
        else
        {
            Refuse(key, 0, _run.State.WasRecorded(key) ? LaunchRefusal.AlreadyRecorded : LaunchRefusal.Unknown);
        }
    }

    private void Refuse(LaunchKey key, int epoch, LaunchRefusal reason) => _outbox.Put(
        (Key: key, Epoch: epoch, Reason: reason, Highest: _run.State.HighestEpoch(key.JobId)),
        static (ref FrameWriter writer, (LaunchKey Key, int Epoch, LaunchRefusal Reason, int Highest) what) =>
            LauncherProtocol.WriteRefused(ref writer, what.Key, what.Epoch, what.Reason, what.Highest));

    /// <summary>The record first, then the message: the caller holds the lock and flushes.</summary>
    private void End(EndedRecord ended)
    {
        _run.Append(ended);
        CrashPoints.Pass(CrashPointNames.LauncherAfterEnded);
        _outbox.Put(ended, LauncherProtocol.Write);
    }
}

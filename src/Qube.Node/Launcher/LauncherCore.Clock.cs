namespace Qube.Node.Launcher;

/// <summary>The clock's thread: graces, leases, processes of a dead launcher that would not die, syncing, and the launcher's own end.</summary>
internal sealed partial class LauncherCore
{
    private const long LongestNapMs = 1_000, SyncEveryMs = 2_000, ForceAgainMs = 1_000;

    /// <summary>Returns when the launcher is to end.</summary>
    internal void TickUntilFinished()
    {
        var nextSync = Libc.BootMs() + SyncEveryMs;
        while (!Finished)
        {
            var victims = Due(Libc.BootMs());
            if (victims.Count > 0)
            {
                Force(victims);
            }

            SeeForeignEnds();
            _outbox.Flush();
            if (Libc.BootMs() >= nextSync)
            {
                _run.Sync();
                nextSync = Libc.BootMs() + SyncEveryMs;
            }

            long nap;
            lock (_gate)
            {
                var now = Libc.BootMs();
                if (!_clientHere && _running.Count == 0 && !_spawning && now - _clientGoneBootMs >= _leaseMs)
                {
                    _stopping = true;
                    return;
                }

                nap = _stopping && _running.Count == 0 ? 0 : NapMs(now);
                _napUntilBootMs = now + nap;
            }

            if (nap > 0)
            {
                _clockBell.Wait((int)nap);
            }
        }
    }

    private List<RunningProcess> Due(long now)
    {
        var due = new List<RunningProcess>();
        lock (_gate)
        {
            foreach (var process in _running.Values)
            {
                if (now >= Math.Max(_leaseUntilBootMs, process.LeaseUntilBootMs) && process.Cause == KillCause.None)
                {
                    process.Cause = KillCause.Lease;
                    process.ForceAtBootMs = Math.Min(process.ForceAtBootMs, now);
                }

                if (now >= process.ForceAtBootMs)
                {
                    // Once a second again while it lives: a member may have been born between two looks.
                    process.ForceAtBootMs = now + ForceAgainMs;
                    due.Add(process);
                }
            }
        }

        return due;
    }

    private void Force(List<RunningProcess> victims)
    {
        var leaders = victims.ConvertAll(v => (v.Record.Pid, _run.Mark(v.Record.Key)));

        // Members first, so that nothing of it is alive when the leader's end is reported; and stopped before that, or a shell whose
        // command is killed would go on with the next one.
        Signal(victims, Libc.SIGSTOP);
        SessionKill.Members(leaders);
        Signal(victims, Libc.SIGKILL);
        SessionKill.Members(leaders);
    }

    private void Signal(List<RunningProcess> processes, int signal)
    {
        lock (_gate)
        {
            foreach (var process in processes)
            {
                if (!_running.TryGetValue(process.Record.Key, out var still) || still != process)
                {
                    continue;
                }

                if (process.PidFd >= 0)
                {
                    _ = Libc.PidFdSendSignal(process.PidFd, signal);
                }
                else
                {
                    // Ours and not reaped, so the number is still its own.
                    Libc.KillGroup(process.Record.Pid, signal);
                    _ = Libc.Kill(process.Record.Pid, signal);
                }
            }
        }
    }

    private void SeeForeignEnds()
    {
        lock (_gate)
        {
            foreach (var process in _running.Values.Where(p => p.PidFd >= 0).ToList())
            {
                if (ExitStatusOf.HasEnded(process.PidFd))
                {
                    var exit = ExitStatusOf.Learn(process.Record, process.PidFd, out _);
                    Remove(process);
                    End(EndOf(process, exit));
                }
                else if (process.ForceAtBootMs == long.MaxValue)
                {
                    process.ForceAtBootMs = 0;
                }
            }
        }
    }

    private long NapMs(long now)
    {
        var nap = LongestNapMs;
        foreach (var process in _running.Values)
        {
            nap = Math.Min(nap, process.ForceAtBootMs - now);
            if (process.PidFd >= 0)
            {
                nap = Math.Min(nap, 50);
            }
            else if (process.Cause == KillCause.None)
            {
                nap = Math.Min(nap, Math.Max(process.LeaseUntilBootMs, _leaseUntilBootMs) - now);
            }
        }

        return _running.Count > 0 && nap <= 0 ? 1 : Math.Max(nap, 0);
    }
}

using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// The reaper's thread. A dead child is looked at without being taken (WNOWAIT), its end is written, and only then is it reaped: a
/// launcher killed in between leaves a zombie whose exit status the node, a subreaper too, still finds.
/// </summary>
internal sealed partial class LauncherCore
{
    internal void ReapForEver()
    {
        while (true)
        {
            if (Libc.WaitId(Libc.PAll, 0, Libc.WExited | Libc.WNoWait, out var dead) < 0)
            {
                // No child at all. Orphans come only from children, so nothing can be missed until the next start.
                WaitForStart(() => _byPid.Count == 0);
                continue;
            }

            do
            {
                Take(dead);
            }
            while (Libc.WaitId(Libc.PAll, 0, Libc.WExited | Libc.WNoWait | Libc.WNoHang, out dead) == 0 && dead.Pid != 0);
            CrashPoints.Pass(CrashPointNames.LauncherBeforeEvent);
            _outbox.Flush();
        }
    }

    private void Take(Libc.WaitResult dead)
    {
        RunningProcess? process = null;

        // It may be the one that is being started at this moment and is not registered yet.
        WaitForStart(() => !_byPid.TryGetValue(dead.Pid, out process) && _spawning);

        if (process is not null)
        {
            if (process.ForceAtBootMs != long.MaxValue)
            {
                // It was to be killed and is gone; with it ends the grace of what it left behind.
                SessionKill.Members([(dead.Pid, _run.Mark(process.Record.Key))]);
            }

            CrashPoints.Pass(CrashPointNames.LauncherBeforeEnded);
            lock (_gate)
            {
                // Only this thread removes children, so it is still there.
                Remove(process);
                var end = EndOf(process, dead.Exit);
                EndBackEnd(process, end);
                End(end);
            }
        }

        // Known or an adopted orphan: gone from here on, and its pid may be another's.
        Libc.Reap(dead.Pid);
    }

    /// <summary>Returns when the condition, which is asked under the lock, does not hold (any more); it is asked again after each start.</summary>
    private void WaitForStart(Func<bool> condition)
    {
        while (true)
        {
            lock (_gate)
            {
                if (!condition())
                {
                    return;
                }

                _reaperWaits = true;
            }

            _reaperBell.Wait();
        }
    }

    private EndedRecord EndOf(RunningProcess process, ExitStatus? exit)
    {
        exit = process.IsUnreported ? null : exit;
        var record = process.Record;
        var (outcome, code) = (process.Cause, exit) switch
        {
            (KillCause.Lease, null or { KilledByForce: true }) => (LaunchOutcome.LeaseExpired, 0),
            (KillCause.Abandoned, null or { KilledByForce: true }) => (LaunchOutcome.Lost, 0),
            (_, null) => (LaunchOutcome.Lost, 0),
            (_, { Exited: true } e) => (LaunchOutcome.Exited, e.Code),
            (_, { } e) => (LaunchOutcome.Signaled, e.Code),
        };
        return new EndedRecord(record.Key, record.Epoch, outcome, code, record.UnixMs, UnixMs(), exit?.Usage ?? default);
    }

    private void Remove(RunningProcess process)
    {
        _running.Remove(process.Record.Key);
        if (process.PidFd < 0)
        {
            _byPid.Remove(process.Record.Pid);
        }
        else
        {
            _ = Libc.Close(process.PidFd);
        }

        if (_stopping)
        {
            _clockBell.Ring();
        }
    }
}

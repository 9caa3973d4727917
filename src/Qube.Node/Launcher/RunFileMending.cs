using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// Brings the run file of a dead launcher to an end: every process it still names is killed if alive, its real exit is learnt where
/// the kernel still knows it, and an end is written. Done by whoever holds <see cref="FileLock"/>: the client under which a
/// launcher died (it has the best knowledge: it adopted the processes, or holds their pidfds), else the next launcher.
/// </summary>
internal static class RunFileMending
{
    /// <summary>
    /// Mends. A process that is still not gone after <paramref name="patience"/> (uninterruptible sleep) stays on file as running and is
    /// left to the launcher that starts next, which reports its end when it comes.
    /// </summary>
    /// <param name="run">The dead launcher's run file.</param>
    /// <param name="heldPidFd">A pidfd the caller has kept since the process was started, or -1. It stays the caller's.</param>
    /// <param name="patience">How long to wait for killed processes.</param>
    internal static void Mend(RunFile run, Func<LaunchKey, int> heldPidFd, TimeSpan patience)
    {
        var boot = ProcFs.BootId();
        if (run.State.BootId != boot)
        {
            foreach (var intent in run.State.Intents.Values.ToList())
            {
                End(run, intent.Key, intent.Epoch, 0, null, killed: false);
            }

            foreach (var started in run.State.Running.Values.ToList())
            {
                End(run, started.Key, started.Epoch, started.UnixMs, null, killed: false);
            }

            // Last: until it is written, all that is on file counts as another boot's.
            run.AppendBoot(boot);
            return;
        }

        foreach (var intent in run.State.Intents.Values.ToList())
        {
            Identify(run, intent);
        }

        var open = new List<(StartedRecord Record, int PidFd, bool Held, bool Killed)>();
        foreach (var record in run.State.Running.Values)
        {
            var held = heldPidFd(record.Key);
            var fd = held >= 0 && NotAnother(record) ? held : ProcFs.OpenVerified(record.Pid, record.StartTicks);
            open.Add((record, fd, held >= 0 && fd == held, fd >= 0 && !ExitStatusOf.HasEnded(fd)));
        }

        // What such a process had in hand it has not reported: however it ended, the item runs again.
        var unreported = run.State.BackEndItems();
        var leaders = open.ConvertAll(o => (o.Record.Pid, run.Mark(o.Record.Key)));
        foreach (var signal in (ReadOnlySpan<int>)[Libc.SIGSTOP, Libc.SIGKILL])
        {
            foreach (var (record, fd, _, _) in open.Where(o => o.Killed))
            {
                if (!ExitStatusOf.HasEnded(fd))
                {
                    _ = Libc.PidFdSendSignal(fd, signal);
                    Libc.KillGroup(record.Pid, signal);
                }
            }

            // While the leaders are stopped, and once more for what they may have begun just before.
            SessionKill.Members(leaders);
        }

        var until = Libc.BootMs() + (long)patience.TotalMilliseconds;
        foreach (var (record, fd, held, killed) in open)
        {
            if (fd < 0)
            {
                End(run, record.Key, record.Epoch, record.UnixMs, null, killed: false);
                continue;
            }

            if (ExitStatusOf.HasEnded(fd, (int)Math.Max(0, until - Libc.BootMs())))
            {
                var child = false;
                var exit = unreported.Contains(record.Key) ? null : ExitStatusOf.Learn(record, fd, out child);
                End(run, record.Key, record.Epoch, record.UnixMs, exit, killed);
                if (child)
                {
                    Libc.Reap(record.Pid);
                }
            }

            if (!held)
            {
                _ = Libc.Close(fd);
            }
        }
    }

    // A held pidfd is right unless it was opened after the launcher's death and after another process had got the number.
    private static bool NotAnother(StartedRecord record) =>
        ProcFs.Read(record.Pid) is not { } now || now.StartTicks == record.StartTicks;

    /// <summary>
    /// A start was about to be tried and nothing more is known. The lock tells that no child of the dead launcher is still before its
    /// exec, so if there is a process it carries the mark; or it has ended and is a zombie, which has no environment any more, and then it
    /// is the one child of ours in a session of its own that began since the intent. (A single spawner: one intent at most.)
    /// </summary>
    private static void Identify(RunFile run, IntentRecord intent)
    {
        var mark = run.Mark(intent.Key);
        var known = run.State.Running.Values.Select(r => r.Pid).ToHashSet();
        ProcFs.Stat? leader = null;
        foreach (var stat in ProcFs.All())
        {
            if (stat.StartTicks < intent.BootTicks || stat.Session != stat.Pid || known.Contains(stat.Pid))
            {
                continue;
            }

            if (stat.Dead ? stat.ParentPid == Environment.ProcessId : ProcFs.Variable(stat.Pid, SpawnMark.Variable) == mark)
            {
                leader = stat;
                break;
            }
        }

        if (leader is { } found)
        {
            run.Append(new StartedRecord(intent.Key, intent.Epoch, found.Pid, found.StartTicks, intent.UnixMs));
            return;
        }

        // Its leader is gone without a trace, or never was; what it left behind carries the mark.
        SessionKill.Members([(0, mark)]);
        End(run, intent.Key, intent.Epoch, 0, null, killed: false);
    }

    private static void End(RunFile run, LaunchKey key, int epoch, long startedUnixMs, ExitStatus? exit, bool killed)
    {
        var (outcome, code) = exit switch
        {
            null => (LaunchOutcome.Lost, 0),
            { KilledByForce: true } when killed => (LaunchOutcome.Lost, 0),
            { Exited: true } e => (LaunchOutcome.Exited, e.Code),
            { } e => (LaunchOutcome.Signaled, e.Code),
        };
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        run.Append(new EndedRecord(key, epoch, outcome, code, startedUnixMs, now, exit?.Usage ?? default));
    }
}

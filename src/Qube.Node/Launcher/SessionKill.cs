namespace Qube.Node.Launcher;

/// <summary>
/// SIGKILL to everything that belongs to a process: its group, its session, and whatever left both but still carries its mark in
/// the environment.
/// </summary>
internal static class SessionKill
{
    private const int MostRounds = 5;

    /// <summary>
    /// Kills the members other than the leaders, which are their caller's to stop before and to kill afterwards (it knows whether the
    /// pid is still theirs). All are stopped before any is killed: a shell whose command is killed would go on with the next one.
    /// Repeats while new members keep turning up.
    /// </summary>
    /// <param name="leaders">Session (= pid of its leader; 0: not known) and mark of each victim.</param>
    internal static void Members(IReadOnlyCollection<(int Pid, string Mark)> leaders)
    {
        if (leaders.Count == 0)
        {
            return;
        }

        var sessions = Sessions(leaders);
        var marks = leaders.Select(l => l.Mark).ToHashSet(StringComparer.Ordinal);
        for (var round = 0; round < MostRounds; round++)
        {
            var victims = new List<int>();
            foreach (var stat in ProcFs.All())
            {
                if (stat.Dead || stat.Pid == Environment.ProcessId || sessions.Contains(stat.Pid))
                {
                    continue;
                }

                if (sessions.Contains(stat.Session) || (ProcFs.Variable(stat.Pid, SpawnMark.Variable) is { } mark && marks.Contains(mark)))
                {
                    var fd = ProcFs.OpenVerified(stat.Pid, stat.StartTicks);
                    if (fd >= 0)
                    {
                        _ = Libc.PidFdSendSignal(fd, Libc.SIGSTOP);
                        victims.Add(fd);
                    }
                }
            }

            foreach (var fd in victims)
            {
                _ = Libc.PidFdSendSignal(fd, Libc.SIGKILL);
                _ = Libc.Close(fd);
            }

            if (victims.Count == 0)
            {
                return;
            }
        }
    }

    /// <summary>
    /// The sessions to look for. Neither 0, which /proc shows for kernel threads and for whatever was started from outside of a
    /// container, nor 1, init's: no leader of ours ever is either, and all of the machine would be members.
    /// </summary>
    internal static HashSet<int> Sessions(IEnumerable<(int Pid, string Mark)> leaders) =>
        [.. leaders.Select(l => l.Pid).Where(pid => pid > 1)];
}

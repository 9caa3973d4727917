namespace Qube.Node.Launcher;

/// <summary>
/// SIGKILL to everything that belongs to a process: its group, its session, and whatever left both but still carries its mark in
/// the environment.
/// </summary>
internal static class SessionKill
{
    private const int MostRounds = 5;

    /// <summary>
    /// Kills the members other than the leaders, which are their caller's to kill (it knows whether the pid is still theirs).
    /// Repeats while new members keep turning up.
    /// </summary>
    /// <param name="leaders">Session (= pid of its leader) and mark of each victim.</param>
    internal static void Members(IReadOnlyCollection<(int Pid, string Mark)> leaders)
    {
        if (leaders.Count == 0)
        {
            return;
        }

        var sessions = leaders.Select(l => l.Pid).ToHashSet();
        var marks = leaders.Select(l => l.Mark).ToHashSet(StringComparer.Ordinal);
        for (var round = 0; round < MostRounds; round++)
        {
            var found = false;
            foreach (var stat in ProcFs.All())
            {
                if (stat.Dead || stat.Pid == Environment.ProcessId || sessions.Contains(stat.Pid))
                {
                    continue;
                }

                if (sessions.Contains(stat.Session) || (ProcFs.Variable(stat.Pid, SpawnMark.Variable) is { } mark && marks.Contains(mark)))
                {
                    found |= Kill(stat.Pid, stat.StartTicks);
                }
            }

            if (!found)
            {
                return;
            }
        }
    }

    /// <summary>SIGKILL to one process if it is still the one that started then.</summary>
    internal static bool Kill(int pid, long startTicks)
    {
        var fd = Libc.PidFdOpen(pid);
        if (fd < 0)
        {
            return false;
        }

        try
        {
            return ProcFs.Read(pid) is { } now && now.StartTicks == startTicks && Libc.PidFdSendSignal(fd, Libc.SIGKILL) == 0;
        }
        finally
        {
            _ = Libc.Close(fd);
        }
    }
}

namespace Qube.Node.Launcher;

/// <summary>The variable in each process's environment that says whose it is: <c>QUBE_RUN=run file id:job.seq.instance.attempt</c>.</summary>
internal static class SpawnMark
{
    internal const string Variable = "QUBE_RUN";
}

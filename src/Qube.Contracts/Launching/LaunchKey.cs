namespace Qube.Contracts.Launching;

/// <summary>
/// Names one process that a launcher is to run, for ever: a launcher never starts the same key twice.
/// </summary>
/// <param name="JobId">The job's id.</param>
/// <param name="Seq">The agenda item's place in the job, or -1 for the one command of an instance (job type <c>cmdline</c>).</param>
/// <param name="Instance">The instance (Qube!: subjob) that runs it.</param>
/// <param name="Attempt">Which attempt at this item it is.</param>
public readonly record struct LaunchKey(long JobId, int Seq, int Instance, int Attempt)
{
    /// <summary><c>job.seq.instance.attempt</c>, as it stands in the process's variable <c>QUBE_RUN</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{JobId}.{Seq}.{Instance}.{Attempt}");
}

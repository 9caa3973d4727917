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
    /// <summary>Keys from here down name the process of an instance's back end, not an item: <c>Attempt</c> is the instance's run.</summary>
    public const int FirstBackEndSeq = -2;

    /// <summary>It names the process of a back end.</summary>
    public bool IsBackEnd => Seq <= FirstBackEndSeq;

    /// <summary><c>job.seq.instance.attempt</c>, as it stands in the process's variable <c>QUBE_RUN</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{JobId}.{Seq}.{Instance}.{Attempt}");
}

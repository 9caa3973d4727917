namespace Qube.Domain.Jobs;

/// <content>When its state may be made a snapshot of.</content>
public sealed partial class JobDecider
{
    /// <summary>The state holds nothing that was not handed out by <see cref="Take"/>: it is what its log says, once that is written.</summary>
    public bool IsStateOfLog => batch.Count == 0;
}

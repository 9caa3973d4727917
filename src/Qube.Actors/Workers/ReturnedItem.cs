namespace Qube.Actors.Workers;

/// <summary>An item that never started here and never will, until its job has recorded that.</summary>
internal sealed class ReturnedItem(int seq, int attempt)
{
    public int Seq { get; } = seq;

    public int Attempt { get; } = attempt;

    public bool IsSent { get; set; }

    public long SentMs { get; set; }
}

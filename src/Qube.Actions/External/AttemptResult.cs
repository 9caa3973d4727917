namespace Qube.Actions.External;

/// <summary>How one attempt ended.</summary>
internal abstract record AttemptResult
{
    private AttemptResult()
    {
    }

    /// <summary>It is done.</summary>
    public sealed record Done(string Text) : AttemptResult;

    /// <summary>No further attempt would end otherwise.</summary>
    public sealed record Refused(string Text) : AttemptResult;

    /// <summary>It may be otherwise another time.</summary>
    public sealed record Failed(string Text, TimeSpan? AskedToWait = null) : AttemptResult;
}

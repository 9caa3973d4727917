namespace Qube.Domain.Explaining;

/// <summary>A callback and its trigger as it stands.</summary>
/// <param name="Id">Its number within the job.</param>
/// <param name="Language">Its language.</param>
/// <param name="Code">The verb, or the beginning of the script.</param>
/// <param name="User">Whose permissions it has.</param>
/// <param name="Fired">How often it has fired.</param>
/// <param name="Max">How often it may; below 0 without limit.</param>
/// <param name="CanUnblock">What it does would let the blocked job or item go on.</param>
/// <param name="Missing">How many events are missing until it fires, by the shortest way; 0 when it has ended or cannot fire any more.</param>
/// <param name="Summary">In one sentence.</param>
/// <param name="Trigger">The tree.</param>
public sealed record ExplainedCallback(
    int Id, string Language, string Code, string User, int Fired, int Max, bool CanUnblock, int Missing, string Summary, ExplainedNode Trigger);

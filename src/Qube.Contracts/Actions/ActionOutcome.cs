namespace Qube.Contracts.Actions;

/// <summary>The end of an action.</summary>
/// <param name="IsDone">False when it was refused for good or given up.</param>
/// <param name="Text">For the ledger: <c>sent to wanda@example.com</c>, <c>failed: 550 no such user</c>, <c>dead letter: HTTP 500 (8 attempts)</c>.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="IsDeadLetter">Given up where another time it may be taken: somebody may have it sent again.</param>
public sealed record ActionOutcome(bool IsDone, string Text, int Attempts, bool IsDeadLetter = false);

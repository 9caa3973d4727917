namespace Qube.Triggers;

/// <summary>A pattern that is legal but looks like a slip.</summary>
/// <param name="Ordinal">Position of the pattern in its expression, counted from 0.</param>
/// <param name="Pattern">The pattern.</param>
/// <param name="Suggestion">The event name that was probably meant; empty when it is something else that looks wrong.</param>
/// <param name="Message">One sentence for the submission's answer.</param>
public sealed record TriggerWarning(int Ordinal, EventPattern Pattern, string Suggestion, string Message);

namespace Qube.Triggers;

/// <summary>An internal callback that does a dependency's work: when the expression fires, the verb is done.</summary>
public sealed record DependencyTrigger(TriggerExpression Expression, string Verb);

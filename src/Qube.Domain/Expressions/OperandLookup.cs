namespace Qube.Domain.Expressions;

/// <summary>
/// Gives the value of an operand (<c>host.os</c>, <c>host.processors.used</c>, <c>priority</c>), or null when there is none of that name:
/// then a name with a known prefix is empty, and any other word stands for itself.
/// </summary>
public delegate string? OperandLookup(string name);

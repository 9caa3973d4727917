using System.Diagnostics.CodeAnalysis;

namespace Qube.Triggers;

/// <summary>Either an expression or the first error, never both.</summary>
public sealed record TriggerParseResult(TriggerExpression? Expression, TriggerError? Error)
{
    [MemberNotNullWhen(true, nameof(Expression))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsValid => Expression is not null;
}

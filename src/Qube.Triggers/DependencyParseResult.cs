using System.Diagnostics.CodeAnalysis;

namespace Qube.Triggers;

/// <summary>Either the links or the first error, never both.</summary>
public sealed record DependencyParseResult(DependencySpec? Spec, TriggerError? Error)
{
    [MemberNotNullWhen(true, nameof(Spec))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsValid => Spec is not null;
}

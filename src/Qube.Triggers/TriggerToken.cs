namespace Qube.Triggers;

internal enum TriggerTokenKind
{
    Event,
    And,
    Or,
    Open,
    Close,
    End,
}

/// <summary>A piece of a trigger: an operator, a parenthesis, or the trimmed text of one event.</summary>
internal readonly record struct TriggerToken(TriggerTokenKind Kind, int Start, int End);

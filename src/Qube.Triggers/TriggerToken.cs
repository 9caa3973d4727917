namespace Qube.Triggers;

internal enum TriggerTokenKind
{
    Event,
    And,
    Or,
    Open,
    Close,

    /// <summary>`!`, or the word `not`.</summary>
    Not,

    /// <summary>`any(`.</summary>
    OpenAny,

    /// <summary>Between the parts of an `any(…)`.</summary>
    Comma,
    End,
}

/// <summary>A piece of a trigger: an operator, a parenthesis, or the trimmed text of one event.</summary>
internal readonly record struct TriggerToken(TriggerTokenKind Kind, int Start, int End);

using System.Diagnostics.CodeAnalysis;

namespace Qube.Domain.Syntax;

/// <summary>What came of reading a user's text: the value, or the error to show. Parsers of the domain return it and never throw.</summary>
public readonly struct Parsed<T>
    where T : class
{
    private Parsed(T? value, SyntaxError? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public SyntaxError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Value is not null;

    /// <summary>The value of a text known to be good (a constant, or one accepted before).</summary>
    /// <exception cref="FormatException">There is an error after all.</exception>
    public T Required() => Value ?? throw new FormatException(Error?.ToString());

    public static implicit operator Parsed<T>(T value) => new(value, null);

    public static implicit operator Parsed<T>(SyntaxError error) => new(null, error);
}

namespace Qube.Domain.Packing;

/// <summary>What stands behind a key: a text, or packed data of its own.</summary>
public readonly record struct PackedValue
{
    private readonly string? _text;

    public PackedValue(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = text;
    }

    public PackedValue(PackedData nested)
    {
        ArgumentNullException.ThrowIfNull(nested);
        Nested = nested;
    }

    public PackedData? Nested { get; }

    /// <summary>The text; for nested data its printed form.</summary>
    public string Text => Nested?.ToString() ?? _text ?? "";

    public static implicit operator PackedValue(string text) => new(text);

    public override string ToString() => Text;
}

using System.Globalization;

namespace Qube.Domain.Expressions;

/// <summary>A value of an expression: a text that may also be a number (scheduling.md §4).</summary>
public readonly record struct ExpressionValue
{
    private readonly string? _text;
    private readonly double _number;

    private ExpressionValue(string? text, double number, bool isNumber)
    {
        _text = text;
        _number = number;
        IsNumber = isNumber;
    }

    public static ExpressionValue True { get; } = Of(1);

    public static ExpressionValue False { get; } = Of(0);

    public bool IsNumber { get; }

    /// <summary>The number; 0 for a text that is none.</summary>
    public double Number => IsNumber ? _number : 0;

    public string Text => _text ?? _number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The whole part, for bit operators.</summary>
    public long Bits => double.IsFinite(Number) ? (long)Math.Clamp(Number, long.MinValue, long.MaxValue) : 0;

    /// <summary>A number other than 0, or a text other than the empty one and <c>false</c>.</summary>
    public bool IsTrue => IsNumber ? _number != 0 : Text.Length > 0 && !Text.Equals("false", StringComparison.OrdinalIgnoreCase);

    public static ExpressionValue Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        bool isNumber = double.TryParse(text, Plain, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
        return new ExpressionValue(text, number, isNumber);
    }

    public static ExpressionValue Of(double number) => double.IsFinite(number) ? new(null, number, true) : False;

    public static ExpressionValue Of(bool truth) => truth ? True : False;

    /// <summary>By number when both are numbers, else by characters.</summary>
    public int CompareTo(ExpressionValue other) =>
        IsNumber && other.IsNumber ? _number.CompareTo(other._number) : string.CompareOrdinal(Text, other.Text);

    /// <summary>True when a comma list holds a value.</summary>
    public static bool ListHas(ExpressionValue list, ExpressionValue value)
    {
        foreach (string member in list.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Of(member).CompareTo(value) == 0)
            {
                return true;
            }
        }

        return false;
    }

    public override string ToString() => Text;
}

using System.Collections.Immutable;
using Qube.Domain.Expressions;
using Qube.Domain.Syntax;

namespace Qube.Domain.Placement;

/// <summary>
/// Which hosts a job prefers (scheduling.md §7): <c>+host.processors.avail,-host.memory.total</c>; + prefers the largest and is the
/// default. Hosts that tie go by name.
/// </summary>
public sealed class HostOrder
{
    private readonly ImmutableArray<(string Operand, bool LargestFirst)> _keys;

    private HostOrder(string text, ImmutableArray<(string Operand, bool LargestFirst)> keys)
    {
        Text = text;
        _keys = keys;
    }

    public static HostOrder None { get; } = new("", []);

    public string Text { get; }

    public bool IsNone => _keys.IsEmpty;

    public static Parsed<HostOrder> Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return None;
        }

        var keys = ImmutableArray.CreateBuilder<(string, bool)>();
        int start = 0;
        foreach (string part in text.Split(','))
        {
            string key = part.Trim();
            string operand = key.TrimStart('+', '-');
            if (key.Length - operand.Length > 1 || !operand.StartsWith("host.", StringComparison.Ordinal) || operand.Length == 5)
            {
                return SyntaxError.At(text, start + (part.Length - part.TrimStart().Length), "[+|-]host.property or [+|-]host.resource.total|used|avail");
            }

            keys.Add((operand, !key.StartsWith('-')));
            start += part.Length + 1;
        }

        return new HostOrder(text, keys.ToImmutable());
    }

    /// <summary>What a host is sorted by.</summary>
    internal ExpressionValue[] KeysOf(OperandLookup lookup)
    {
        var values = new ExpressionValue[_keys.Length];
        for (int at = 0; at < values.Length; at++)
        {
            values[at] = ExpressionValue.Of(lookup(_keys[at].Operand) ?? "");
        }

        return values;
    }

    internal int Compare(ExpressionValue[] left, ExpressionValue[] right)
    {
        for (int at = 0; at < _keys.Length; at++)
        {
            int order = left[at].CompareTo(right[at]);
            if (order != 0)
            {
                return _keys[at].LargestFirst ? -order : order;
            }
        }

        return 0;
    }
}

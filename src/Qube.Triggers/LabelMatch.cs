namespace Qube.Triggers;

/// <summary>Which label a written one means: exact, else the only one that differs in case alone (callbacks.md §7).</summary>
public static class LabelMatch
{
    /// <summary>The label of <paramref name="labels"/> that <paramref name="written"/> means, or null.</summary>
    public static string? Find(IReadOnlyCollection<string> labels, string written)
    {
        ArgumentNullException.ThrowIfNull(labels);
        string? found = null;
        var several = false;
        foreach (var label in labels)
        {
            if (string.Equals(label, written, StringComparison.Ordinal))
            {
                return label;
            }

            if (string.Equals(label, written, StringComparison.OrdinalIgnoreCase))
            {
                several |= found is not null;
                found = label;
            }
        }

        return several ? null : found;
    }

    /// <summary>The longest label that <paramref name="text"/> begins with, followed by `-` and at least one character (§3 rule 4).</summary>
    internal static string? FindPrefix(IReadOnlyCollection<string> labels, string text) =>
        Longest(labels, text, StringComparison.Ordinal)
        ?? (Longest(labels, text, StringComparison.OrdinalIgnoreCase) is { } label ? Find(labels, text[..label.Length]) : null);

    private static string? Longest(IReadOnlyCollection<string> labels, string text, StringComparison comparison)
    {
        string? best = null;
        foreach (var label in labels)
        {
            if (label.Length > (best?.Length ?? 0) && label.Length + 1 < text.Length && text[label.Length] == '-'
                && text.StartsWith(label, comparison))
            {
                best = label;
            }
        }

        return best;
    }
}

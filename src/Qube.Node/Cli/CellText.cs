using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Qube.Node.Cli;

/// <summary>Text of others in a table's cell: one line, nothing a terminal would obey, measured in terminal cells.</summary>
public static class CellText
{
    private const char Ellipsis = '…';

    /// <summary>Control characters, line ends and direction marks are written out (<c>\n</c>, <c>\x1b</c>): a job's name moves no cursor.</summary>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(MustBeWrittenOut))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 8);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (char.IsHighSurrogate(letter) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                shown.Append(letter).Append(text[++at]);
                continue;
            }

            _ = letter switch
            {
                '\n' => shown.Append("\\n"),
                '\r' => shown.Append("\\r"),
                '\t' => shown.Append("\\t"),
                _ when !MustBeWrittenOut(letter) => shown.Append(letter),
                < (char)256 => shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"),
                _ => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
            };
        }

        return shown.ToString();
    }

    /// <summary>Terminal cells: East Asian letters and emoji take two.</summary>
    public static int Width(string text) => text.GetCellWidth();

    /// <summary>At most <paramref name="width"/> cells, the last an ellipsis where something is left out. Never cuts a letter with its accents.</summary>
    public static string Cut(string text, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Width(text) <= width)
        {
            return text;
        }

        if (width <= 0)
        {
            return "";
        }

        var kept = new StringBuilder();
        var used = 0;
        var letters = StringInfo.GetTextElementEnumerator(text);
        while (letters.MoveNext())
        {
            var letter = letters.GetTextElement();
            if (used + Width(letter) > width - 1)
            {
                break;
            }

            kept.Append(letter);
            used += Width(letter);
        }

        return kept.Append(Ellipsis).ToString();
    }

    // Surrogates are looked at in pairs above; a lone one is no letter.
    private static bool MustBeWrittenOut(char letter) =>
        char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u2028' or '\u2029' or '\u200e' or '\u200f'
            or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}

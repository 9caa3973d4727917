using System.Text.RegularExpressions;

namespace Qube.Node.Tests.Cli;

internal static partial class TerminalText
{
    /// <summary>What is read on the terminal: without the sequences that colour it and move its cursor.</summary>
    public static string RemoveMarks(this string text) => Marks().Replace(text, "").Replace("\r", "", StringComparison.Ordinal);

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Marks();
}

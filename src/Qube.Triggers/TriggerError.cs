namespace Qube.Triggers;

/// <summary>Why a trigger or a dependency could not be read.</summary>
/// <param name="Column">Where, counted in characters from 1.</param>
/// <param name="Found">What stands there; "end of text" when nothing does.</param>
/// <param name="Expected">What would have been right.</param>
/// <param name="Message">One sentence for people, with all of the above.</param>
/// <param name="Element">Which element of a list of triggers, counted from 0.</param>
public sealed record TriggerError(int Column, string Found, string Expected, string Message, int Element = 0)
{
    internal const string End = "end of text";

    internal static TriggerError At(int index, string found, string expected, string? hint = null)
    {
        var shown = found == End ? found : $"'{Shorten(found)}'";
        return new(index + 1, found, expected, $"column {index + 1}: expected {expected}, found {shown}{(hint is null ? "" : $" ({hint})")}");
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}

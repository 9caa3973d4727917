using System.Text;

namespace Qube.Domain.Execution;

/// <summary>Puts an item's frames, converted paths and application paths into a job's command (jobs.md §4.2).</summary>
/// <remarks>
/// Tokens are replaced in one pass over the template, so a value that looks like a token stays as it is. A token written as a shell
/// variable (<c>$QB_FRAME_NUMBER</c>, <c>${QB_FRAME_NUMBER}</c>) is left to the shell, which finds the same value in its
/// environment; replacing it would leave <c>$12</c>.
/// </remarks>
public static class CommandLine
{
    private const string ConvertPath = "QB_CONVERT_PATH(";

    /// <param name="template">The package's <c>cmdline</c>.</param>
    /// <param name="item">The item's frames; null where a job has none (<c>cmdline</c>): its frame tokens stay.</param>
    /// <param name="paths">The worker's path map.</param>
    /// <param name="applications">Application keys with their executables, <c>__MAYA__</c> for example; unknown keys stay.</param>
    public static string Substitute(
        string template, ItemTokens? item, PathMap paths, IReadOnlyDictionary<string, string>? applications = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(paths);
        List<KeyValuePair<string, string>> tokens = [];
        if (item is not null)
        {
            // The step is not padded: jobs.md §4.2, decision on the example.
            tokens.Add(new("QB_FRAME_NUMBER", item.PaddedNumber));
            tokens.Add(new("QB_FRAME_START", item.PaddedStart));
            tokens.Add(new("QB_FRAME_END", item.PaddedEnd));
            tokens.Add(new("QB_FRAME_STEP", item.Step));
            tokens.Add(new("QB_FRAME_RANGE", item.Range));
        }

        foreach (KeyValuePair<string, string> application in applications ?? new Dictionary<string, string>())
        {
            if (application.Key.Length > 0)
            {
                tokens.Add(application);
            }
        }

        // Longest first, so that a key that begins another one does not win over it.
        tokens.Sort(static (left, right) => right.Key.Length.CompareTo(left.Key.Length));
        return Replace(template, tokens, paths);
    }

    private static string Replace(string template, List<KeyValuePair<string, string>> tokens, PathMap paths)
    {
        var command = new StringBuilder(template.Length + 32);
        int at = 0;
        while (at < template.Length)
        {
            if (StartsHere(template, at, ConvertPath) && TryFindClosing(template, at + ConvertPath.Length, out int closing))
            {
                string path = Replace(template[(at + ConvertPath.Length)..closing], tokens, paths);
                command.Append(paths.Convert(path));
                at = closing + 1;
                continue;
            }

            int token = IsShellVariable(template, at) ? -1 : tokens.FindIndex(candidate => StartsHere(template, at, candidate.Key));
            if (token >= 0)
            {
                command.Append(tokens[token].Value);
                at += tokens[token].Key.Length;
                continue;
            }

            command.Append(template[at++]);
        }

        return command.ToString();
    }

    private static bool StartsHere(string text, int at, string token) =>
        string.CompareOrdinal(text, at, token, 0, token.Length) == 0;

    private static bool IsShellVariable(string text, int at) =>
        at > 0 && (text[at - 1] == '$' || (at > 1 && text[at - 1] == '{' && text[at - 2] == '$'));

    /// <summary>The parenthesis that closes the one before <paramref name="at"/>; paths may hold pairs of their own.</summary>
    private static bool TryFindClosing(string text, int at, out int closing)
    {
        int depth = 1;
        for (closing = at; closing < text.Length; closing++)
        {
            depth += text[closing] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                return true;
            }
        }

        return false;
    }
}

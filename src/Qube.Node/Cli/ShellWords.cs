namespace Qube.Node.Cli;

/// <summary>From words on this command line to the one line that a worker's shell reads.</summary>
public static class ShellWords
{
    private const string Plain = "%+,-./:=@_^~";

    /// <summary>One word is a shell's text as it stands; several reach the program as they were typed here, quoted where a shell would read more
    /// into them.</summary>
    public static string Join(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words.Count == 1 ? words[0] : string.Join(' ', words.Select(Quote));
    }

    private static string Quote(string word)
    {
        // A leading ~ is a home directory, and NAME=value before a command is a setting: both the caller's own shell has read already.
        var isPlain = word.Length > 0 && word[0] != '~' && word.All(letter => char.IsLetterOrDigit(letter) || Plain.Contains(letter, StringComparison.Ordinal));
        return isPlain ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}

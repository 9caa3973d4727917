using System.Text;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// Decides whether a command line needs a shell and, where it does not, splits it as a shell would (design.md §4.7: a shell per
/// frame costs half of the rate). In doubt it is the shell.
/// </summary>
internal static class CommandLine
{
    internal const string DefaultShell = "/bin/sh";

    // Meant by a shell wherever they stand unquoted.
    private const string Always = "|&;<>()$`*?[]{}!\n\r";

    // Meant by a shell only where a word begins (a comment, a home folder, a job, zsh's =command); '=' also in the first word, where
    // it is an assignment. `--frame=5` and `%04d.exr` in later words are as they are in every shell.
    private const string AtWordStart = "#~=%";

    // Words that are a shell's own: no program of that name does the same, or none need exist.
    private static readonly HashSet<string> ShellWords = new(StringComparer.Ordinal)
    {
        ".", ":", "[", "[[", "alias", "bg", "bind", "break", "builtin", "case", "cd", "command", "continue", "coproc", "declare", "dirs", "disown",
        "do", "done", "elif", "else", "enable", "esac", "eval", "exec", "exit", "export", "fc", "fg", "fi", "for", "foreach", "function", "getopts",
        "hash", "history", "if", "in", "jobs", "kill", "let", "limit", "local", "logout", "popd", "pushd", "read", "readonly", "rehash", "return",
        "select", "set", "setenv", "shift", "shopt", "source", "suspend", "switch", "then", "time", "times", "trap", "type", "typeset", "ulimit",
        "umask", "unalias", "unlimit", "unset", "unsetenv", "until", "wait", "while",
    };

    /// <summary>Program and arguments with which to run this command.</summary>
    internal static IReadOnlyList<string> Arguments(LaunchCommand command) => command switch
    {
        LaunchCommand.Program program => program.Arguments,
        LaunchCommand.ShellLine { ShellPath: { Length: > 0 } shell } line => [shell, "-c", line.Line],
        LaunchCommand.ShellLine line => Split(line.Line) ?? [DefaultShell, "-c", line.Line],
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    /// <summary>The words of a line without shell syntax; null when it takes a shell to read it.</summary>
    internal static IReadOnlyList<string>? Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            switch (c)
            {
                case ' ' or '\t':
                    if (inWord)
                    {
                        words.Add(word.ToString());
                        word.Clear();
                        inWord = false;
                    }

                    continue;
                case '\'':
                    var end = line.IndexOf('\'', i + 1);
                    if (end < 0)
                    {
                        return null;
                    }

                    word.Append(line, i + 1, end - i - 1);
                    i = end;
                    break;
                case '"':
                    if (!AppendQuoted(line, ref i, word))
                    {
                        return null;
                    }

                    break;
                case '\\':
                    if (++i >= line.Length || line[i] == '\n')
                    {
                        return null;
                    }

                    word.Append(line[i]);
                    break;
                default:
                    if (Always.Contains(c, StringComparison.Ordinal)
                        || (AtWordStart.Contains(c, StringComparison.Ordinal) && (!inWord || (c == '=' && words.Count == 0))))
                    {
                        return null;
                    }

                    // `user@host:~/x` and `--out=~/x`: some shells expand these, some do not. Theirs to say.
                    if (c == '~' && line[i - 1] is ':' or '=')
                    {
                        return null;
                    }

                    word.Append(c);
                    break;
            }

            inWord = true;
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words.Count == 0 || words[0].Length == 0 || ShellWords.Contains(words[0]) || EchoesEscapes(words) ? null : words;
    }

    // A shell's echo may turn \n into a newline where the program prints both characters.
    private static bool EchoesEscapes(List<string> words) =>
        words[0] == "echo" && words.Exists(w => w.Contains('\\', StringComparison.Ordinal));

    private static bool AppendQuoted(string line, ref int i, StringBuilder word)
    {
        for (i++; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '"':
                    return true;
                case '$' or '`':
                    return false;
                case '\\' when i + 1 < line.Length && line[i + 1] is '$' or '`' or '"' or '\\':
                    word.Append(line[++i]);
                    break;
                case '\\' when i + 1 < line.Length && line[i + 1] == '\n':
                    return false;
                default:
                    word.Append(line[i]);
                    break;
            }
        }

        return false;
    }
}

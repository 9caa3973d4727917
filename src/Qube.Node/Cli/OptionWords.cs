using System.CommandLine;

namespace Qube.Node.Cli;

/// <summary>
/// The words of a command line as Qube!'s tools read them (spec/cli.md, Conventions): <c>-name</c> is <c>--name</c>, an unambiguous beginning of
/// an option is that option, and where a command is taken its first word ends the options.
/// </summary>
internal static class OptionWords
{
    private const string RestFollows = "--";

    /// <summary>The same words with options in full, each with its value, so that no value is ever taken for an option.</summary>
    /// <param name="words">What was typed after the verb.</param>
    /// <param name="options">The options that the verb knows.</param>
    /// <param name="firstWordEnds">Everything from the first word that is no option on is one command line.</param>
    /// <exception cref="CliFailure">An option is unknown, ambiguous or without its value.</exception>
    public static List<string> Complete(ReadOnlySpan<string> words, IReadOnlyList<Option> options, bool firstWordEnds)
    {
        var complete = new List<string>();
        for (var at = 0; at < words.Length; at++)
        {
            var word = words[at];
            if (word == RestFollows)
            {
                complete.AddRange(words[at..]);
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                if (firstWordEnds)
                {
                    complete.Add(RestFollows);
                    complete.AddRange(words[at..]);
                    break;
                }

                complete.Add(word);
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var option = Find(equals < 0 ? word : word[..equals], options);
            if (option.Arity.MaximumNumberOfValues == 0)
            {
                complete.Add(equals < 0 ? option.Name : throw CliFailure.Usage($"{option.Name} takes no value"));
                continue;
            }

            var value = equals >= 0 ? word[(equals + 1)..] : ++at < words.Length ? words[at] : throw CliFailure.Usage($"{option.Name} needs a value");
            Add(complete, option.Name, value);
        }

        return complete;
    }

    private static void Add(List<string> complete, string name, string value)
    {
        if (value.StartsWith('-'))
        {
            complete.Add($"{name}={value}");
        }
        else
        {
            complete.Add(name);
            complete.Add(value);
        }
    }

    private static Option Find(string typed, IReadOnlyList<Option> options) =>
        Find(typed, options, Names) ?? throw CliFailure.Usage($"there is no option {typed}");

    /// <summary>The option that is meant: by its whole name, else the only one that begins so; null where none does.</summary>
    /// <param name="typed">With its dashes.</param>
    /// <param name="options">The options known.</param>
    /// <param name="names">An option's names without dashes, its own before its aliases.</param>
    /// <exception cref="CliFailure">Several begin so.</exception>
    public static T? Find<T>(string typed, IReadOnlyList<T> options, Func<T, IEnumerable<string>> names)
        where T : class
    {
        var name = Bare(typed);
        if (options.FirstOrDefault(option => names(option).Any(one => one.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } exact)
        {
            return exact;
        }

        T[] begun = [.. options.Where(option => name.Length > 0 && names(option).Any(one => one.StartsWith(name, StringComparison.OrdinalIgnoreCase)))];
        return begun.Length <= 1
            ? begun.SingleOrDefault()
            : throw CliFailure.Usage($"{typed} could be {string.Join(" or ", begun.Select(option => $"--{names(option).First()}"))}");
    }

    private static IEnumerable<string> Names(Option option) => option.Aliases.Prepend(option.Name).Select(Bare);

    private static string Bare(string name) => name.StartsWith("--", StringComparison.Ordinal) ? name[2..] : name[1..];
}

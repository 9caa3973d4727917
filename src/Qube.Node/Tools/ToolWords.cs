using System.Globalization;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>The words of one command line, read by a tool's table (spec/cli.md, Conventions): one or two dashes, unambiguous beginnings,
/// <c>--name value</c> or <c>--name=value</c>, <c>--</c> ends the options.</summary>
internal sealed class ToolWords
{
    private readonly Dictionary<string, List<string>> _said = new(StringComparer.Ordinal);

    private ToolWords()
    {
    }

    /// <summary>What is no option.</summary>
    public IReadOnlyList<string> Words { get; private set; } = [];

    /// <summary>The options said, by name.</summary>
    public IEnumerable<string> Said => _said.Keys;

    /// <exception cref="CliFailure">An option is unknown, ambiguous or without its value.</exception>
    public static ToolWords Read(Tool tool, ReadOnlySpan<string> words)
    {
        var read = new ToolWords();
        var rest = new List<string>();
        for (var at = 0; at < words.Length; at++)
        {
            var word = words[at];
            if (word == "--")
            {
                rest.AddRange(words[(at + 1)..]);
                break;
            }

            if (word.Length < 2 || word[0] != '-')
            {
                if (tool.FirstWordEnds)
                {
                    rest.AddRange(words[at..]);
                    break;
                }

                rest.Add(word);
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var option = Find(tool, equals < 0 ? word : word[..equals]);
            if (!option.TakesValue)
            {
                read.Add(option, equals < 0 ? "" : throw CliFailure.Usage($"--{option.Name} takes no value"));
                continue;
            }

            read.Add(option, equals >= 0 ? word[(equals + 1)..] : ++at < words.Length ? words[at] : throw CliFailure.Usage($"--{option.Name} needs a value"));
        }

        read.Words = rest;
        return read;
    }

    public bool Has(string name) => _said.ContainsKey(name);

    public bool HasAny(params IEnumerable<string> names) => names.Any(Has);

    /// <summary>What was said last; null where nothing was.</summary>
    public string? Text(string name) => _said.TryGetValue(name, out var values) ? values[^1] : null;

    /// <summary>All that was said, for options that may be said again.</summary>
    public IReadOnlyList<string> Texts(string name) => _said.TryGetValue(name, out var values) ? values : [];

    /// <exception cref="CliFailure">It is no whole number.</exception>
    public long? Number(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw CliFailure.Usage($"--{name} takes a whole number, not '{text}'");

    private static ToolOption Find(Tool tool, string typed) =>
        OptionWords.Find(typed, tool.Options, Names) ?? OptionWords.Find(typed, Tool.Everywhere, Names) ?? throw CliFailure.Usage($"there is no option {typed}");

    private static IEnumerable<string> Names(ToolOption option) => option.Aliases.Prepend(option.Name);

    private void Add(ToolOption option, string value)
    {
        if (!_said.TryGetValue(option.Name, out var values))
        {
            _said.Add(option.Name, values = []);
        }

        values.Add(value);
    }
}

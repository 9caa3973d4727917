using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Qube.Domain.Syntax;

namespace Qube.Domain.Execution;

/// <summary>The <c>regex_…</c> keys of a package, compiled (jobs.md §8.2). Read at submission, so that a wrong one is refused there.</summary>
public sealed class OutputRules
{
    public const string HighlightsKey = "regex_highlights";
    public const string ErrorsKey = "regex_errors";
    public const string OutputPathsKey = "regex_outputPaths";
    public const string ProgressKey = "regex_progress";
    public const string MaxLinesKey = "regex_maxLines";

    /// <summary>Lines collected of each kind where the package says nothing; paths are not capped by it.</summary>
    public const int DefaultMaxLines = 20;

    /// <summary>For the few expressions that only backtracking can run: longer on one line counts as no match.</summary>
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(50);

    private OutputRules(ImmutableDictionary<string, ImmutableArray<Regex>> rules, int maxLines)
    {
        Highlights = rules.GetValueOrDefault(HighlightsKey, []);
        Errors = rules.GetValueOrDefault(ErrorsKey, []);
        OutputPaths = rules.GetValueOrDefault(OutputPathsKey, []);
        Progress = rules.GetValueOrDefault(ProgressKey, []);
        MaxLines = maxLines;
    }

    public static OutputRules None { get; } = new(ImmutableDictionary<string, ImmutableArray<Regex>>.Empty, DefaultMaxLines);

    public ImmutableArray<Regex> Highlights { get; }

    /// <summary>A match makes the item failed although its command exits with 0.</summary>
    public ImmutableArray<Regex> Errors { get; }

    /// <summary>Group 1 (the whole match where there is none) is a file that was written.</summary>
    public ImmutableArray<Regex> OutputPaths { get; }

    /// <summary>Group 1 is the progress, 0–100 or, with a decimal point, 0–1.</summary>
    public ImmutableArray<Regex> Progress { get; }

    public int MaxLines { get; }

    public bool IsEmpty => Highlights.IsEmpty && Errors.IsEmpty && OutputPaths.IsEmpty && Progress.IsEmpty;

    /// <summary>Reads the keys; others in the package are passed over. The error's column is that within the key's text.</summary>
    public static Parsed<OutputRules> Parse(IReadOnlyDictionary<string, string> package)
    {
        ArgumentNullException.ThrowIfNull(package);
        var rules = ImmutableDictionary.CreateBuilder<string, ImmutableArray<Regex>>();
        foreach (string key in new[] { HighlightsKey, ErrorsKey, OutputPathsKey, ProgressKey })
        {
            if (!package.TryGetValue(key, out string? text) || string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            var expressions = ImmutableArray.CreateBuilder<Regex>();
            int start = 0;
            foreach (string line in text.Split('\n'))
            {
                string expression = line.TrimEnd('\r');
                if (expression.Length > 0)
                {
                    if (!TryCompile(expression, out Regex? regex, out string reason, out int offset))
                    {
                        return new SyntaxError(start + offset + 1, $"'{expression}'", $"a regular expression in {key} ({reason})");
                    }

                    expressions.Add(regex!);
                }

                start += line.Length + 1;
            }

            rules[key] = expressions.ToImmutable();
        }

        int maxLines = DefaultMaxLines;
        if (package.TryGetValue(MaxLinesKey, out string? cap) && cap.Trim().Length > 0
            && (!int.TryParse(cap.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out maxLines)))
        {
            return new SyntaxError(1, $"'{cap}'", $"a number of lines in {MaxLinesKey}");
        }

        return new OutputRules(rules.ToImmutable(), maxLines);
    }

    private static bool TryCompile(string expression, out Regex? regex, out string reason, out int offset)
    {
        (regex, reason, offset) = (null, "", 0);
        try
        {
            // A line of a render log is data of strangers: no expression may take longer than the line is long.
            regex = new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return true;
        }
        catch (NotSupportedException)
        {
            // Look-around, back references and the like.
            regex = new Regex(expression, RegexOptions.CultureInvariant, MatchTimeout);
            return true;
        }
        catch (RegexParseException exception)
        {
            (reason, offset) = ($"{exception.Error}", Math.Min(exception.Offset, expression.Length));
            return false;
        }
    }
}

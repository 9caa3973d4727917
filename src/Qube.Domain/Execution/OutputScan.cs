using System.Globalization;
using System.Text.RegularExpressions;

namespace Qube.Domain.Execution;

/// <summary>Reads the output of one attempt line by line and keeps what the rules ask for.</summary>
/// <remarks>Not thread-safe: one scan per attempt.</remarks>
public sealed class OutputScan(OutputRules rules)
{
    private readonly List<string> _highlights = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _outputPaths = [];
    private readonly HashSet<string> _knownPaths = new(StringComparer.Ordinal);

    /// <summary>Paths beyond this many are not kept: a result travels in a message.</summary>
    public const int MaxOutputPaths = 1000;

    public IReadOnlyList<string> Highlights => _highlights;

    /// <summary>The lines that made the item failed.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Files written, each once, in the order they were first named.</summary>
    public IReadOnlyList<string> OutputPaths => _outputPaths;

    /// <summary>The last progress seen, 0–100.</summary>
    public int Percent { get; private set; }

    /// <summary>True when a line matched <c>regex_errors</c>, whatever the exit code; also when the cap keeps no line of it.</summary>
    public bool HasFailed { get; private set; }

    public void Read(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (Matches(rules.Highlights, line) is not null)
        {
            Keep(_highlights, line);
        }

        if (Matches(rules.Errors, line) is not null)
        {
            HasFailed = true;
            Keep(_errors, line);
        }

        if (Matches(rules.OutputPaths, line) is { } path)
        {
            string file = Captured(path);
            if (file.Length > 0 && _outputPaths.Count < MaxOutputPaths && _knownPaths.Add(file))
            {
                _outputPaths.Add(file);
            }
        }

        if (Matches(rules.Progress, line) is { } progress && TryReadPercent(Captured(progress), out int percent))
        {
            Percent = percent;
        }
    }

    private static string Captured(Match match) => (match.Groups.Count > 1 ? match.Groups[1].Value : match.Value).Trim();

    /// <summary><c>45</c> and <c>45.5%</c> are percents, <c>0.455</c> and <c>1.0</c> parts of the whole, a bare <c>1</c> one percent.</summary>
    private static bool TryReadPercent(string text, out int percent)
    {
        percent = 0;
        bool marked = text.EndsWith('%');
        string digits = text.TrimEnd('%', ' ');
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
        {
            return false;
        }

        bool isPart = !marked && value <= 1 && digits.Contains('.', StringComparison.Ordinal);
        // The addition undoes what binary fractions lose: 0.29 is 29 percent.
        percent = (int)Math.Clamp((isPart ? value * 100 : value) + 1e-9, 0, 100);
        return true;
    }

    private static Match? Matches(IEnumerable<Regex> expressions, string line)
    {
        foreach (Regex expression in expressions)
        {
            try
            {
                Match match = expression.Match(line);
                if (match.Success)
                {
                    return match;
                }
            }
            catch (RegexMatchTimeoutException)
            {
                // Said in OutputRules: too slow on this line is no match; the render must not wait for its log.
            }
        }

        return null;
    }

    private void Keep(List<string> lines, string line)
    {
        if (lines.Count < rules.MaxLines)
        {
            lines.Add(line);
        }
    }
}

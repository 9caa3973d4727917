using System.Globalization;
using System.Text;

namespace Qube.Domain.Configuration;

/// <summary>Reads the lines of a <c>qbwrk.conf</c>: headings, keys, values over several lines. Nothing is inherited or put in here.</summary>
internal sealed class WorkerConfigReader
{
    /// <summary>Hosts of one heading: a slip in a range must not make a million.</summary>
    private const int RangeMost = 100_000;

    private readonly Dictionary<string, WorkerConfigSection> _byName = new(StringComparer.Ordinal);
    private List<WorkerConfigSection> _open = [];

    /// <summary>In the order of their first openings.</summary>
    public List<WorkerConfigSection> Sections { get; } = [];

    public List<string> Problems { get; } = [];

    public void Read(string text)
    {
        var lines = text.Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            var number = at + 1;
            var line = WithoutComment(lines[at], number).Trim();
            if (line.Length == 0)
            {
                continue;
            }

            if (line[0] == '[')
            {
                Open(line, number);
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                Say(number, $"'{line}' is neither [section] nor key = value");
                continue;
            }

            var key = line[..equals].TrimEnd();
            var value = line[(equals + 1)..].TrimStart();
            if (value.StartsWith('{'))
            {
                value = Block(lines, ref at, value, number);
            }

            Set(key, Unquoted(value), number);
        }
    }

    private void Say(int line, string what) => Problems.Add(string.Create(CultureInfo.InvariantCulture, $"line {line}: {what}"));

    private void Set(string key, string value, int number)
    {
        if (_open.Count == 0)
        {
            Say(number, $"'{key}' stands before the first section");
        }

        foreach (var section in _open)
        {
            section.Own[key] = (value, number);
        }
    }

    /// <summary>Up to the brace that closes the first, its lines as they are.</summary>
    private string Block(string[] lines, ref int at, string first, int number)
    {
        var block = new StringBuilder(first);
        var depth = Depth(first);
        while (depth > 0 && at + 1 < lines.Length)
        {
            var line = WithoutComment(lines[++at], at + 1).TrimEnd();
            depth += Depth(line);
            block.Append('\n').Append(line);
        }

        if (depth > 0)
        {
            Say(number, "this { is never closed");
        }

        return block.ToString();
    }

    private static int Depth(string line)
    {
        var (depth, isQuoted) = (0, false);
        foreach (var letter in line)
        {
            isQuoted ^= letter == '"';
            depth += isQuoted ? 0 : letter == '{' ? 1 : letter == '}' ? -1 : 0;
        }

        return depth;
    }

    private string WithoutComment(string line, int number)
    {
        var isQuoted = false;
        for (var at = 0; at < line.Length; at++)
        {
            isQuoted ^= line[at] == '"';
            if (line[at] == '#' && !isQuoted)
            {
                return line[..at];
            }
        }

        if (isQuoted)
        {
            Say(number, "this \" is never closed");
        }

        return line;
    }

    private static string Unquoted(string value) => value.Length >= 2 && value[0] == '"' && value.IndexOf('"', 1) == value.Length - 1 ? value[1..^1] : value;

    private void Open(string line, int number)
    {
        _open = [];
        var (depth, end) = (0, -1);
        for (var at = 0; at < line.Length && end < 0; at++)
        {
            depth += line[at] == '[' ? 1 : line[at] == ']' ? -1 : 0;
            end = depth == 0 ? at : -1;
        }

        var rest = end < 0 ? "" : line[(end + 1)..].Trim();
        if (end < 0 || (rest.Length > 0 && rest[0] != ':'))
        {
            Say(number, $"'{line}' is no heading; it looks like [name] or [name] : template template");
            return;
        }

        // Only what was opened before can be inherited: the section itself is not yet.
        string[] parents = rest.Length == 0 ? [] : rest[1..].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        foreach (var unknown in parents.Where(parent => !_byName.ContainsKey(parent)))
        {
            Say(number, $"there is no section [{unknown}] before this one");
        }

        if (Names(line[1..end].Trim(), number) is not { } names)
        {
            return;
        }

        foreach (var name in names)
        {
            if (!_byName.TryGetValue(name, out var section))
            {
                Sections.Add(section = _byName[name] = new(name));
            }

            section.Parents.AddRange(parents.Where(parent => parent != name && !section.Parents.Contains(parent)));
            _open.Add(section);
        }
    }

    /// <summary><c>fast[1-100]</c>, <c>pfx[000-100]</c>: the digits of the first say how many there are at least.</summary>
    private List<string>? Names(string heading, int number)
    {
        var open = heading.IndexOf('[', StringComparison.Ordinal);
        var close = heading.IndexOf(']', StringComparison.Ordinal);
        if (open < 0)
        {
            return IsName(heading) ? [heading] : Refuse();
        }

        var (prefix, suffix) = (heading[..open], close < open ? "" : heading[(close + 1)..]);
        string[] ends = close < open ? [] : heading[(open + 1)..close].Split('-');
        if ((prefix + suffix is { Length: > 0 } around && !IsName(around)) || ends.Length != 2 || !IsNumber(ends[0], out var first) || !IsNumber(ends[1], out var last) || last < first)
        {
            return Refuse();
        }

        if (last - first >= RangeMost)
        {
            Say(number, string.Create(CultureInfo.InvariantCulture, $"[{heading}] is more than {RangeMost} hosts"));
            return null;
        }

        var names = new List<string>();
        for (var host = first; host <= last; host++)
        {
            names.Add(prefix + host.ToString(CultureInfo.InvariantCulture).PadLeft(ends[0].StartsWith('0') ? ends[0].Length : 0, '0') + suffix);
        }

        return names;

        List<string>? Refuse()
        {
            Say(number, $"[{heading}] is no name of a section and no range of hosts such as [render[01-20]]");
            return null;
        }
    }

    /// <summary>Dots and dashes too: hosts have them in their names.</summary>
    private static bool IsName(string text) => text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');

    private static bool IsNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

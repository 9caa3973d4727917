using System.Text;
using Qube.Domain.Syntax;

namespace Qube.Domain.Packing;

/// <summary>Qube!'s packed <c>data</c> (jobs.md §5.4): <c>(=(cmdline=sleep "1000")(padding=4))</c>, nested to any sensible depth.</summary>
/// <remarks>
/// A parenthesis that belongs to a text has a backslash before it, and backslashes that stand right before a parenthesis are doubled;
/// any other backslash is one, so that <c>\\server\share</c> can be written as it is. In a key the same goes for <c>=</c>.
/// The order of keys is kept; a key given twice has its last value.
/// </remarks>
public sealed class PackedData : IEquatable<PackedData>
{
    /// <summary>Deeper nesting is refused: it would be an attack on the stack rather than a package.</summary>
    public const int MaxDepth = 64;

    private readonly List<KeyValuePair<string, PackedValue>> _entries = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public PackedData(IEnumerable<KeyValuePair<string, PackedValue>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        foreach (KeyValuePair<string, PackedValue> entry in entries)
        {
            if (_places.TryGetValue(entry.Key, out int place))
            {
                _entries[place] = entry;
            }
            else
            {
                _places.Add(entry.Key, _entries.Count);
                _entries.Add(entry);
            }
        }
    }

    public static PackedData Empty { get; } = new([]);

    /// <summary>Keys and values in the order they were written.</summary>
    public IReadOnlyList<KeyValuePair<string, PackedValue>> Entries => _entries;

    public bool TryGetValue(string key, out PackedValue value)
    {
        bool known = _places.TryGetValue(key, out int place);
        value = known ? _entries[place].Value : default;
        return known;
    }

    /// <summary>The texts by key, nested data in printed form: a job's package as its back end reads it.</summary>
    public IReadOnlyDictionary<string, string> ToTexts() =>
        _entries.ToDictionary(static entry => entry.Key, static entry => entry.Value.Text, StringComparer.Ordinal);

    public static Parsed<PackedData> Parse(string? text) => new PackedDataReader(text ?? "").Read();

    public bool Equals(PackedData? other) => other is not null && _entries.SequenceEqual(other._entries);

    public override bool Equals(object? obj) => Equals(obj as PackedData);

    public override int GetHashCode() => HashCode.Combine(_entries.Count, _entries.Count > 0 ? _entries[0] : default);

    public override string ToString()
    {
        var text = new StringBuilder();
        Print(text);
        return text.ToString();
    }

    private void Print(StringBuilder text)
    {
        text.Append("(=");
        foreach ((string key, PackedValue value) in _entries)
        {
            text.Append('(');
            PrintText(text, key, inKey: true);
            text.Append('=');
            if (value.Nested is { } nested)
            {
                nested.Print(text);
            }
            else
            {
                PrintText(text, value.Text, inKey: false);
            }

            text.Append(')');
        }

        text.Append(')');
    }

    private static void PrintText(StringBuilder text, string plain, bool inKey)
    {
        int backslashes = 0;
        foreach (char letter in plain)
        {
            if (letter is '(' or ')' || (inKey && letter == '='))
            {
                // Those before it were written once already; as many again, and one for the letter.
                text.Append('\\', backslashes + 1);
            }

            backslashes = letter == '\\' ? backslashes + 1 : 0;
            text.Append(letter);
        }

        // What follows a text is a parenthesis, what follows a key is '='.
        text.Append('\\', backslashes);
    }
}

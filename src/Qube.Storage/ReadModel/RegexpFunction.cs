using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Qube.Storage.ReadModel;

/// <summary>SQL's <c>X REGEXP Y</c>: found anywhere, case counts. SQLite calls it once for every row it looks at.</summary>
internal sealed class RegexpFunction
{
    private const int LimitMilliseconds = 250;
    private const int CompiledMax = 64;
    private readonly Dictionary<string, Regex> _compiled = new(StringComparer.Ordinal);

    public RegexpFunction(SqliteConnection connection)
        => connection.CreateFunction("regexp", (string pattern, string? text) => text is not null && IsMatch(pattern, text), isDeterministic: true);

    /// <summary>The pattern that one text kept busy for too long: an exception inside a function of SQLite loses its type.</summary>
    public string? TooSlow { get; set; }

    /// <exception cref="ArgumentException">It is no regular expression; the message says why.</exception>
    public static Regex Compile(string pattern) => new(pattern, RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(LimitMilliseconds));

    private bool IsMatch(string pattern, string text)
    {
        if (!_compiled.TryGetValue(pattern, out var regex))
        {
            if (_compiled.Count >= CompiledMax)
                _compiled.Clear();
            _compiled[pattern] = regex = Compile(pattern);
        }

        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            TooSlow = pattern;
            throw;
        }
    }
}

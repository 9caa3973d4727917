using System.Globalization;
using System.Text;
using Qube.Contracts;

namespace Qube.Storage.ReadModel;

/// <summary>The three kinds of pattern in a <see cref="Contracts.JobFilter"/>.</summary>
internal static class JobPattern
{
    /// <summary>SQLite's own limit for the pattern of GLOB.</summary>
    private const int GlobMaxBytes = 50_000;

    /// <summary>SQLite takes no deeper expression than 1,000; one AND or OR is one level.</summary>
    private const int TestsMax = 500;

    public static bool IsRegex(string pattern) => pattern.StartsWith('~');

    public static bool IsWildcard(string pattern) => !IsRegex(pattern) && pattern.AsSpan().ContainsAny('*', '%');

    public static bool IsExact(string pattern) => !IsRegex(pattern) && !IsWildcard(pattern);

    /// <summary>What follows the <c>~</c>, once it is known to be a regular expression.</summary>
    public static string Regex(string filter, string pattern)
    {
        try
        {
            RegexpFunction.Compile(pattern[1..]);
            return pattern[1..];
        }
        catch (ArgumentException cause)
        {
            throw new ArgumentException($"filter '{filter}': '{pattern}' is no regular expression: {cause.Message}", cause);
        }
    }

    /// <summary>
    /// A wildcard in SQLite's GLOB: case counts, <c>*</c> any text, <c>?</c> one character, a literal in brackets. Where <c>*</c> or
    /// <c>%</c> leads, <c>_</c> is one character, as in SQL (spec/scheduling.md §7); elsewhere names are full of it.
    /// </summary>
    public static string Glob(string filter, string pattern)
    {
        var isSqlLike = pattern[0] is '*' or '%';
        var glob = new StringBuilder(pattern.Length);
        foreach (var c in pattern)
        {
            _ = c switch
            {
                '*' or '%' => glob.Append('*'),
                '_' when isSqlLike => glob.Append('?'),
                '?' or '[' => glob.Append('[').Append(c).Append(']'),
                _ => glob.Append(c),
            };
        }

        return Short(filter, pattern, glob.ToString());
    }

    /// <summary>The same for LIKE, with a backslash before what is to be taken literally.</summary>
    public static string Like(string filter, string pattern)
    {
        var isSqlLike = pattern[0] is '*' or '%';
        var like = new StringBuilder(pattern.Length);
        foreach (var c in pattern)
        {
            _ = c switch
            {
                '*' or '%' => like.Append('%'),
                '_' when isSqlLike => like.Append('_'),
                '_' or '\\' => like.Append('\\').Append(c),
                _ => like.Append(c),
            };
        }

        return Short(filter, pattern, like.ToString());
    }

    /// <summary>Null when it is none: then no number equals it.</summary>
    public static object? Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real : null;
    }

    /// <exception cref="ArgumentException">The query has more tests than a statement takes.</exception>
    public static void RequireFew(JobQuery query)
    {
        var tests = query.Filters.Sum(filter => 1 + filter.Patterns.Count(pattern => !IsExact(pattern)));
        if (tests > TestsMax)
            throw new ArgumentException($"{tests} filters, wildcards and regular expressions in one query; at most {TestsMax} are taken");
    }

    private static string Short(string filter, string pattern, string text) => Encoding.UTF8.GetByteCount(text) <= GlobMaxBytes
        ? text
        : throw new ArgumentException($"filter '{filter}': the pattern '{pattern[..40]}…' is longer than {GlobMaxBytes} bytes");
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Qube.Storage.ReadModel;

/// <summary>A <see cref="JobQuery"/> as one statement; every value is a parameter.</summary>
internal sealed class JobQuerySql
{
    private readonly SqliteCommand _command;

    private JobQuerySql(SqliteCommand command) => _command = command;

    /// <exception cref="ArgumentException">The order names a column that does not exist.</exception>
    public static void Compile(JobQuery query, SqliteCommand command)
    {
        var sql = new JobQuerySql(command);
        var conditions = query.Filters.Select(sql.Condition).ToList();
        if (!query.Ids.IsEmpty)
            conditions.Add($"id IN (SELECT value FROM json_each({sql.Parameter(JsonSerializer.Serialize(query.Ids))}))");

        var columns = string.Join(", ", JobColumns.Ordered);
        var chosen = $"SELECT {columns} FROM jobs";
        if (conditions.Count > 0)
            chosen += $" WHERE {string.Join(" AND ", conditions)}";
        chosen += $" ORDER BY {Order(query.OrderBy)}";
        chosen += $" LIMIT {sql.Parameter(query.Limit > 0 ? query.Limit : -1)} OFFSET {sql.Parameter(query.Offset)}";

        // The bodies are fetched for the rows that were chosen, not for those that were looked at.
        command.CommandText = query.WithBody
            ? $"SELECT {columns}, (SELECT body FROM bodies WHERE bodies.id = chosen.id) FROM ({chosen}) AS chosen"
            : chosen;
    }

    private string Condition(JobFilter filter)
    {
        var isColumn = JobColumns.TryGet(filter.Key, out var column);
        var isText = !isColumn || JobColumns.IsText(column);
        var value = isColumn ? column : InBody(filter.Key);
        if (filter.Min is not null || filter.Max is not null)
        {
            var number = isText ? $"CAST({value} AS INTEGER)" : value;
            return $"{number} BETWEEN {Parameter(filter.Min ?? long.MinValue)} AND {Parameter(filter.Max ?? long.MaxValue)}";
        }

        var plain = filter.AnyOf.Where(t => !IsRegex(t) && !IsWildcard(t)).ToList();
        var tests = new List<string>();
        if (plain.Count > 0)
            tests.Add(EqualsAny(value, plain, isText));

        var text = isText ? value : $"CAST({value} AS TEXT)";
        foreach (var pattern in filter.AnyOf.Where(IsWildcard))
            tests.Add($"{text} GLOB {Parameter(Glob(pattern))}");
        foreach (var pattern in filter.AnyOf.Where(IsRegex))
            tests.Add($"{text} REGEXP {Parameter(pattern[1..])}");
        return tests.Count == 0 ? "0" : $"({string.Join(" OR ", tests)})";
    }

    private string EqualsAny(string value, List<string> plain, bool isText)
    {
        var values = isText
            ? plain.Select(object (t) => t)
            : plain.Where(t => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                .Select(object (t) => long.Parse(t, CultureInfo.InvariantCulture));
        var list = values.Select(Parameter).ToList();
        return list.Count switch
        {
            0 => "0",
            1 => $"{value} = {list[0]}",
            _ => $"{value} IN ({string.Join(", ", list)})",
        };
    }

    /// <summary>json_each, because a JSON path cannot name a key with a quotation mark in it.</summary>
    private string InBody(string key)
        => $"(SELECT CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(value AS TEXT) END FROM bodies, json_each(bodies.body) WHERE bodies.id = jobs.id AND key = {Parameter(key)})";

    private string Parameter(object value)
    {
        var name = $"$p{_command.Parameters.Count}";
        _command.Parameters.AddWithValue(name, value);
        return name;
    }

    private static bool IsRegex(string text) => text.StartsWith('~');

    private static bool IsWildcard(string text) => !IsRegex(text) && text.AsSpan().ContainsAny('*', '%');

    /// <summary>SQLite's GLOB: case counts, <c>*</c> any text, <c>?</c> one character, a literal in brackets.</summary>
    private static string Glob(string pattern)
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

        return glob.ToString();
    }

    private static string Order(string orderBy)
    {
        var terms = orderBy.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Term).ToList();
        return terms.Count == 0 ? "id DESC" : string.Join(", ", terms);

        string Term(string term)
        {
            var words = term.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!JobColumns.TryGet(words[0], out var column))
                throw new ArgumentException($"Jobs cannot be ordered by '{words[0]}'; the columns are {string.Join(", ", JobColumns.Ordered)}.", nameof(orderBy));
            return words.Length switch
            {
                1 => column,
                2 when words[1].Equals("asc", StringComparison.OrdinalIgnoreCase) => column,
                2 when words[1].Equals("desc", StringComparison.OrdinalIgnoreCase) => column + " DESC",
                _ => throw new ArgumentException($"'{term}' is no order; write a column and, if wanted, ASC or DESC.", nameof(orderBy)),
            };
        }
    }
}

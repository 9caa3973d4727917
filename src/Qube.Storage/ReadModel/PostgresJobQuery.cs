using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Qube.Contracts;

namespace Qube.Storage.ReadModel;

/// <summary>A <see cref="JobQuery"/> for PostgreSQL; every value is a parameter. Regular expressions are ours (.NET's), as on SQLite, and not the server's:
/// a query that has some first asks for what they are to look at.</summary>
internal sealed class PostgresJobQuery
{
    private readonly List<NpgsqlParameter> _parameters = [];
    private readonly List<string> _conditions = ["NOT removed"];
    private readonly List<(string Hit, string Text, Regex[] Regexes, string[] Patterns)> _sifted = [];
    private readonly JobQuery _query;

    /// <exception cref="ArgumentException">A pattern cannot be read, or there are too many.</exception>
    public PostgresJobQuery(JobQuery query)
    {
        JobPattern.RequireFew(query);
        _query = query;
        foreach (var filter in query.Filters)
            Add(filter);
        if (query.Ids.Length > 0)
            _conditions.Add($"\"id\" = ANY({Parameter(query.Ids)})");
        Bounds("id", query.MinId, query.MaxId);
        Bounds("lastupdate", query.UpdatedAfter, query.UpdatedBefore);
        Bounds("timesubmit", query.SubmittedAfter, query.SubmittedBefore);
    }

    /// <summary>The rows, on a connection in a transaction that sees one state.</summary>
    public List<JobSummary> Run(NpgsqlConnection connection)
    {
        // Before anything is asked: an order that is none is the asker's fault.
        var order = JobOrder.Of(_query.OrderBy);
        var conditions = _conditions;
        if (_sifted.Count > 0)
        {
            var found = Sift(connection);
            _parameters.Clear();
            conditions = [$"\"id\" = ANY({Parameter(found)})"];
        }

        var limit = _query.Limit > 0 ? $" LIMIT {Parameter(_query.Limit)}" : "";
        var body = _query.WithoutJson ? "" : ", body";
        using var command = Command(connection, $"SELECT {JobColumns.Quoted}{body} FROM jobs WHERE {string.Join(" AND ", conditions)} ORDER BY {order}{limit} OFFSET {Parameter(_query.Offset)}");
        using var reader = command.ExecuteReader();
        var rows = new List<JobSummary>();
        while (reader.Read())
        {
            var row = JobColumns.Read(reader);
            rows.Add(_query.WithoutJson ? row : row with { Json = reader.GetString(JobColumns.Stored.Length) });
        }

        return rows;
    }

    private void Add(JobFilter filter)
    {
        var isColumn = JobColumns.TryGet(filter.Name, out var column);
        var isText = column?.IsText ?? true;
        var value = column?.Quoted ?? ValueOf(filter.Name);
        var text = isText ? value : $"{value}::text";
        var tests = new List<string>();
        var exact = filter.Patterns.Where(JobPattern.IsExact).ToArray();
        if (isText)
            AddAny(tests, value, exact);
        else
        {
            var numbers = exact.Select(JobPattern.Number).ToArray();
            AddAny(tests, value, [.. numbers.OfType<long>()]);
            AddAny(tests, value, [.. numbers.OfType<double>()]);
        }

        AddAny(tests, text, [.. filter.Patterns.Where(JobPattern.IsWildcard).Select(pattern => JobPattern.Like(filter.Name, pattern))], "LIKE ANY");
        var patterns = filter.Patterns.Where(JobPattern.IsRegex).ToArray();
        var hit = tests.Count == 0 ? "false" : $"({string.Join(" OR ", tests)})";
        if (patterns.Length == 0)
            _conditions.Add(hit);
        else
            _sifted.Add((hit, text, [.. patterns.Select(pattern => RegexpFunction.Compile(JobPattern.Regex(filter.Name, pattern)))], patterns));
    }

    private void AddAny<T>(List<string> tests, string value, T[] values, string test = "= ANY")
    {
        if (values.Length > 0)
            tests.Add($"{value} {test}({Parameter(values)})");
    }

    /// <summary>What a job's dictionary has under a key, as text: true is 1 and false is 0, as on SQLite.</summary>
    private string ValueOf(string key) =>
        $"""
        (SELECT CASE json_typeof(entry.value) WHEN 'null' THEN NULL WHEN 'boolean' THEN (CASE entry.value::text WHEN 'true' THEN '1' ELSE '0' END) ELSE entry.value #>> ARRAY[]::text[] END
         FROM json_each(body::json) AS entry WHERE entry.key = {Parameter(PostgresText.Of(key))} LIMIT 1)
        """;

    private void Bounds(string column, long min, long max)
    {
        if (min != 0)
            _conditions.Add($"\"{column}\" >= {Parameter(min)}");
        if (max != 0)
            _conditions.Add($"\"{column}\" <= {Parameter(max)}");
    }

    /// <summary>The ids that pass all filters that have regular expressions, and everything else.</summary>
    private long[] Sift(NpgsqlConnection connection)
    {
        var looks = string.Join(", ", _sifted.Select(one => $"COALESCE({one.Hit}, false), {one.Text}"));
        using var command = Command(connection, $"SELECT \"id\", {looks} FROM jobs WHERE {string.Join(" AND ", _conditions)}");
        using var reader = command.ExecuteReader();
        var found = new List<long>();
        while (reader.Read())
        {
            if (_sifted.Select((one, index) => Passes(reader, one.Regexes, one.Patterns, 1 + (2 * index))).All(passes => passes))
                found.Add(reader.GetInt64(0));
        }

        return [.. found];
    }

    private static bool Passes(NpgsqlDataReader reader, Regex[] regexes, string[] patterns, int column)
    {
        if (reader.GetBoolean(column))
            return true;
        if (reader.IsDBNull(column + 1))
            return false;

        var text = reader.GetString(column + 1);
        for (var index = 0; index < regexes.Length; index++)
        {
            try
            {
                if (regexes[index].IsMatch(text))
                    return true;
            }
            catch (RegexMatchTimeoutException slow)
            {
                throw new ArgumentException($"the regular expression '{patterns[index]}' takes too long to match; write it with fewer nested repetitions", slow);
            }
        }

        return false;
    }

    private string Parameter(object value)
    {
        _parameters.Add(new NpgsqlParameter { Value = value is string[] texts ? Array.ConvertAll(texts, PostgresText.Of) : value });
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }

    private NpgsqlCommand Command(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in _parameters)
            command.Parameters.Add(parameter);
        return command;
    }
}

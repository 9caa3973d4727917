using System.Text.Json;
using Microsoft.Data.Sqlite;
using Qube.Contracts;

namespace Qube.Storage.ReadModel;

/// <summary>A <see cref="JobQuery"/> as one statement; every value is a parameter.</summary>
internal sealed class JobQuerySql
{
    private readonly SqliteCommand _command;

    private JobQuerySql(SqliteCommand command) => _command = command;

    /// <summary>Makes <paramref name="command"/> select <see cref="JobColumns.List"/>.</summary>
    /// <exception cref="ArgumentException">The order names a column that does not exist, or a pattern cannot be read.</exception>
    public static void Compile(JobQuery query, SqliteCommand command)
    {
        JobPattern.RequireFew(query);
        var sql = new JobQuerySql(command);
        var conditions = query.Filters.Select(sql.Condition).ToList();
        if (query.Ids.Length > 0)
            conditions.Add($"id IN {sql.Values(query.Ids)}");
        conditions.AddRange(sql.Bounds("id", query.MinId, query.MaxId));
        conditions.AddRange(sql.Bounds("lastupdate", query.UpdatedAfter, query.UpdatedBefore));
        conditions.AddRange(sql.Bounds("timesubmit", query.SubmittedAfter, query.SubmittedBefore));

        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        var limit = sql.Parameter(query.Limit > 0 ? query.Limit : -1);
        var offset = sql.Parameter(query.Offset);
        command.CommandText = $"SELECT {JobColumns.List} FROM jobs{where} ORDER BY {JobOrder.Of(query.OrderBy)} LIMIT {limit} OFFSET {offset}";
    }

    private string Condition(JobFilter filter)
    {
        if (JobColumns.TryGet(filter.Name, out var column))
            return AnyOf(filter, column.Name, column.IsText);

        // json_each, because a JSON path cannot name a key with a quotation mark in it. JSON's true is 1 to it, false 0.
        var key = Parameter(filter.Name);
        var test = AnyOf(filter, "CAST(entry.value AS TEXT)", isText: true);
        return $"EXISTS (SELECT 1 FROM bodies, json_each(bodies.body) AS entry WHERE bodies.id = jobs.id AND entry.key = {key} AND {test})";
    }

    private string AnyOf(JobFilter filter, string value, bool isText)
    {
        var exact = filter.Patterns.Where(JobPattern.IsExact);
        object[] values = isText ? [.. exact] : [.. exact.Select(JobPattern.Number).OfType<object>()];
        var text = isText ? value : $"CAST({value} AS TEXT)";
        var tests = new List<string>();
        if (values.Length > 0)
            tests.Add(values.Length == 1 ? $"{value} = {Parameter(values[0])}" : $"{value} IN {Values(values)}");
        foreach (var pattern in filter.Patterns.Where(JobPattern.IsWildcard))
            tests.Add($"{text} GLOB {Parameter(JobPattern.Glob(filter.Name, pattern))}");
        foreach (var pattern in filter.Patterns.Where(JobPattern.IsRegex))
            tests.Add($"{text} REGEXP {Parameter(JobPattern.Regex(filter.Name, pattern))}");
        return tests.Count == 0 ? "0" : $"({string.Join(" OR ", tests)})";
    }

    private IEnumerable<string> Bounds(string column, long min, long max)
    {
        if (min != 0)
            yield return $"{column} >= {Parameter(min)}";
        if (max != 0)
            yield return $"{column} <= {Parameter(max)}";
    }

    /// <summary>One parameter for a whole list, which may be longer than the number of parameters a statement can have.</summary>
    private string Values<T>(T[] values) => $"(SELECT value FROM json_each({Parameter(JsonSerializer.Serialize(values))}))";

    private string Parameter(object value)
    {
        var name = $"$p{_command.Parameters.Count}";
        _command.Parameters.AddWithValue(name, value);
        return name;
    }
}

namespace Qube.Storage.ReadModel;

/// <summary>The order of a list, as a client writes it: columns, each with ASC or DESC if wanted, between commas.</summary>
internal static class JobOrder
{
    /// <summary>With the id last, so that the pages of a list neither overlap nor leave a job out.</summary>
    public static string Of(string orderBy)
    {
        if (string.IsNullOrWhiteSpace(orderBy))
            return "\"id\" DESC";
        return string.Join(", ", orderBy.Split(',').Select(term => Term(orderBy, term)).Append("\"id\" DESC"));
    }

    private static string Term(string orderBy, string term)
    {
        var words = term.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length > 0 && !JobColumns.TryGet(words[0], out _))
            throw new ArgumentException($"jobs cannot be ordered by '{words[0]}'; the columns are {JobColumns.Names}");
        var direction = words.Length == 2 ? words[1].ToUpperInvariant() : "ASC";
        return words.Length is 1 or 2 && direction is "ASC" or "DESC" && JobColumns.TryGet(words[0], out var column)
            ? $"{column.Quoted} {direction}"
            : throw new ArgumentException($"'{orderBy}' is no order; write columns, each with ASC or DESC if wanted, between commas");
    }
}

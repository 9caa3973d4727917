using System.Text.Json;
using Qube.Contracts;

namespace Qube.Node.Api;

/// <summary>From a client's question to the read model's.</summary>
internal static class JobQueryReader
{
    /// <exception cref="ApiRefusedException">A filter is none.</exception>
    public static JobQuery Read(JobQueryRequest request) => new()
    {
        Ids = [.. TargetId.ParseAll(request.Ids).Select(id => id.Job).Distinct()],
        Filters = [.. (request.Filters ?? []).Where(filter => filter.Value.ValueKind != JsonValueKind.Null).Select(Filter)],
        MinId = (long)(request.MinId ?? 0),
        MaxId = (long)(request.MaxId ?? 0),
        UpdatedAfter = (long)(request.UpdatedAfter ?? 0),
        UpdatedBefore = (long)(request.UpdatedBefore ?? 0),
        SubmittedAfter = (long)(request.SubmittedAfter ?? 0),
        SubmittedBefore = (long)(request.SubmittedBefore ?? 0),
        OrderBy = request.OrderBy ?? "",
        Limit = (int)Math.Clamp(request.Limit ?? 0, 0, int.MaxValue),
        Offset = (int)Math.Clamp(request.Offset ?? 0, 0, int.MaxValue),
    };

    private static JobFilter Filter(KeyValuePair<string, JsonElement> filter) => new()
    {
        Name = filter.Key,
        Patterns = filter.Value.ValueKind == JsonValueKind.Array
            ? [.. filter.Value.EnumerateArray().Select(value => Pattern(filter.Key, value))]
            : [Pattern(filter.Key, filter.Value)],
    };

    internal static string Pattern(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => throw new ApiRefusedException($"filter '{name}': expected a text, a number or a list of them"),
    };
}

using System.Text.Json;

namespace Qube.Domain.Packing;

/// <summary>A package as Qube!'s packed <c>data</c> (spec/jobs.md §5.4).</summary>
public static class PackageText
{
    /// <summary>Dictionaries are nested data; lists, which packed data has none of, are their JSON.</summary>
    public static PackedData Of(JsonElement package) => new(package.ValueKind == JsonValueKind.Object
        ? package.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, Value(property.Value)))
        : []);

    private static PackedValue Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new(Of(value)),
        JsonValueKind.String => new(value.GetString() ?? ""),
        JsonValueKind.Null => new(""),
        _ => new(value.GetRawText()),
    };
}

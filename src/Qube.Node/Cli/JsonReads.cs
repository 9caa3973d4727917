using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>Reads of answers that never fail: what is absent or of another kind is empty, so that a newer supervisor can be listed too.</summary>
internal static class JsonReads
{
    public static string Text(this JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out var value))
        {
            return "";
        }

        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() ?? "",
                JsonValueKind.Null => "",
                _ => value.GetRawText(),
            };
        }
        catch (InvalidOperationException)
        {
            // Half a character, which JSON can spell and no text can hold.
            return value.GetRawText().Trim('"');
        }
    }

    public static long Long(this JsonElement owner, string name) =>
        long.TryParse(owner.Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public static int Int(this JsonElement owner, string name) => (int)Math.Clamp(owner.Long(name), int.MinValue, int.MaxValue);

    public static JsonElement Member(this JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : default;

    public static IEnumerable<JsonElement> List(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static IEnumerable<string> Texts(this JsonElement owner, string name) =>
        owner.List(name).Select(one => one.ValueKind == JsonValueKind.String ? one.GetString() ?? "" : one.GetRawText());
}

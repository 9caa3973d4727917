using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace Qube.Domain.Archives;

/// <summary>Reads archives: our own, whose values say their types, and Qube!'s, whose values do not.</summary>
internal static class ArchiveReader
{
    private const string Base64Key = "base64:";
    private const string TextKey = "text:";

    public static IReadOnlyList<JsonObject> Read(string text)
    {
        try
        {
            var root = Root(text);
            var found = root.Name.LocalName == "object" ? [root] : root.Descendants("object");
            JsonObject[] jobs = [.. found.Where(one => TypeOf(one) == "job").Select(Dictionary)];
            return jobs.Length > 0 ? jobs : throw new FormatException("there is no job in it");
        }
        catch (XmlException wrong)
        {
            throw new FormatException($"it is no archive: {wrong.Message}", wrong);
        }
    }

    /// <summary>Qube!'s archives have several elements side by side, with no one around them.</summary>
    private static XElement Root(string text)
    {
        var body = text.AsSpan().TrimStart('\ufeff').TrimStart();
        if (body.StartsWith("<?xml", StringComparison.Ordinal) && body.IndexOf("?>", StringComparison.Ordinal) is var end and > 0)
        {
            body = body[(end + 2)..];
        }

        // No document type is read: entities could name files and grow without end.
        using var reader = XmlReader.Create(new StringReader($"<all>{body}</all>"), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return XElement.Load(reader, LoadOptions.PreserveWhitespace);
    }

    private static string? TypeOf(XElement element) => element.Attribute("type")?.Value;

    private static JsonObject Dictionary(XElement element)
    {
        var dictionary = new JsonObject();
        foreach (var child in element.Elements())
        {
            var key = KeyOf(child);
            dictionary[key] = Value(child, key);
        }

        return dictionary;
    }

    private static string KeyOf(XElement element)
    {
        if (element.Name.LocalName != "entry")
        {
            return ArchiveTags.KeyOf(element.Name.LocalName);
        }

        var key = element.Attribute("key")?.Value ?? "";
        return key.StartsWith(Base64Key, StringComparison.Ordinal) ? FromBase64(key[Base64Key.Length..])
            : key.StartsWith(TextKey, StringComparison.Ordinal) ? key[TextKey.Length..]
            : key;
    }

    private static JsonNode? Value(XElement element, string? key)
    {
        switch (TypeOf(element))
        {
            case "dict" or "env" or "pathmap" or "package" or "tally":
                return Dictionary(element);
            case "list":
                return List(element);
            case "none":
                return null;
            case "bool":
                return JsonValue.Create(element.Value == "1");
            case "int" or "float":
                return Number(element.Value) ?? throw new FormatException($"'{element.Value}' in {element.Name.LocalName} is no number");
            case "base64":
                return JsonValue.Create(FromBase64(element.Value));
            case null when element.HasElements && element.Elements().All(child => child.Name.LocalName == "object"):
                return List(element);
            case null when key is not null && ArchiveTags.IsNumber(key) && Number(element.Value) is { } number:
                return number;
            default:
                return element.HasElements ? Dictionary(element) : JsonValue.Create(element.Value);
        }
    }

    private static JsonArray List(XElement element) =>
        [.. element.Elements().Select(child => child.Name.LocalName == "object" ? Dictionary(child) : Value(child, null))];

    private static JsonNode? Number(string text)
    {
        try
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonNode.Parse(text.Trim()) : null;
        }
        catch (JsonException)
        {
            // What a number is elsewhere and not in JSON: NaN, 007.
            return null;
        }
    }

    private static string FromBase64(string text)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(text));
        }
        catch (FormatException wrong)
        {
            throw new FormatException("a text in it is no base64", wrong);
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Qube.Domain.Archives;

/// <summary>Writes archives.</summary>
internal sealed partial class ArchiveWriter
{
    private readonly StringBuilder _text = new("<?xml version='1.0' encoding='UTF-8'?>\n<archive>\n<version>1</version>\n");

    public string Write(IEnumerable<JsonObject> jobs)
    {
        foreach (var job in jobs)
        {
            WriteFields("job", job, "");
        }

        return _text.Append("</archive>\n").ToString();
    }

    private void WriteFields(string type, JsonObject fields, string indent)
    {
        _text.Append(CultureInfo.InvariantCulture, $"{indent}<object type='{type}'>\n");
        WriteMembers(fields, indent.Length == 0 && type == "job" ? "" : indent + " ");
        _text.Append(CultureInfo.InvariantCulture, $"{indent}</object>\n");
    }

    private void WriteMembers(JsonObject fields, string indent)
    {
        foreach (var (key, value) in fields)
        {
            var tag = ArchiveTags.TagOf(key);
            var isTag = Tag().IsMatch(tag) && !tag.StartsWith("xml", StringComparison.OrdinalIgnoreCase) && tag is not ("object" or "entry" or "item")
                && !ArchiveTags.IsTaken(key);
            WriteValue(isTag ? tag : $"entry key={Attribute(key)}", isTag ? tag : "entry", value, indent, ArchiveTags.MemberOf(key));
        }
    }

    private void WriteValue(string start, string end, JsonNode? value, string indent, string? memberType)
    {
        switch (value)
        {
            case JsonObject dictionary:
                _text.Append(CultureInfo.InvariantCulture, $"{indent}<{start} type='dict'>\n");
                WriteMembers(dictionary, indent + " ");
                _text.Append(CultureInfo.InvariantCulture, $"{indent}</{end}>\n");
                break;
            case JsonArray list:
                _text.Append(CultureInfo.InvariantCulture, $"{indent}<{start} type='list'>\n");
                foreach (var member in list)
                {
                    if (memberType is not null && member is JsonObject fields)
                    {
                        WriteFields(memberType, fields, indent + " ");
                    }
                    else
                    {
                        WriteValue("item", "item", member, indent + " ", null);
                    }
                }

                _text.Append(CultureInfo.InvariantCulture, $"{indent}</{end}>\n");
                break;
            default:
                var (type, shown) = Plain(value);
                _text.Append(CultureInfo.InvariantCulture, $"{indent}<{start} type='{type}'>{shown}</{end}>\n");
                break;
        }
    }

    private static (string Type, string Shown) Plain(JsonNode? value)
    {
        if (value is null)
        {
            return ("none", "");
        }

        switch (value.GetValueKind())
        {
            case JsonValueKind.True:
                return ("bool", "1");
            case JsonValueKind.False:
                return ("bool", "0");
            case JsonValueKind.Number:
                var number = value.ToJsonString();
                return (number.AsSpan().ContainsAny(".eE") ? "float" : "int", number);
            default:
                var text = value.GetValue<string>();
                return Unspeakable().IsMatch(text) ? ("base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(text))) : ("str", Escaped(text));
        }
    }

    /// <summary>A key that cannot be a tag, with how it is spelt.</summary>
    private static string Attribute(string key) => Unspeakable().IsMatch(key) || key.AsSpan().ContainsAny('\n', '\t')
        ? $"\"base64:{Convert.ToBase64String(Encoding.UTF8.GetBytes(key))}\""
        : $"\"text:{Escaped(key).Replace("\"", "&quot;", StringComparison.Ordinal)}\"";

    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_.-]*$")]
    private static partial Regex Tag();

    // What XML 1.0 cannot hold, or reads as something else. Letters beyond the basic plane are pairs here, and speakable.
    [GeneratedRegex(@"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]")]
    private static partial Regex Unspeakable();
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Qube.Domain.Submissions;

/// <summary>Writes JSON whose values are the client's own text: numbers, escapes and order of keys come back as they came.</summary>
internal static class JsonText
{
    /// <summary>Letters as they are; what breaks JSON is escaped, and nothing else.</summary>
    private static readonly JavaScriptEncoder Letters = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static string Dictionary(IEnumerable<KeyValuePair<string, JsonElement>> members)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in members)
        {
            Append(text, name, value.GetRawText());
        }

        return text.Append('}').ToString();
    }

    /// <summary>Adds <c>"name":raw</c>, with a comma where one is due.</summary>
    public static void Append(StringBuilder text, string name, string raw)
    {
        if (text.Length > 1)
        {
            text.Append(',');
        }

        text.Append('"').Append(JsonEncodedText.Encode(name, Letters)).Append("\":").Append(raw);
    }

    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, Letters)}\"";
}

using System.Globalization;
using System.Text;

namespace Qube.Storage.ReadModel;

/// <summary>What PostgreSQL's text cannot hold and ours can: the character 0 and halves of surrogate pairs. Each becomes U+FFFD, in the list of
/// jobs alone: one strange name must not stop the writing of all others.</summary>
internal static class PostgresText
{
    private const char Replacement = '\uFFFD';

    public static string Of(string text)
    {
        if (text is null || !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            return text is null || !text.Contains('\0', StringComparison.Ordinal) ? text! : text.Replace('\0', Replacement);
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', Replacement);
    }

    /// <summary>Also where JSON spells them as escapes: its functions refuse a text that has one anywhere.</summary>
    public static string Json(string json)
    {
        json = Of(json);
        if (!json.Contains("\\u", StringComparison.Ordinal))
            return json;

        var clean = new StringBuilder(json.Length);
        for (var index = 0; index < json.Length;)
        {
            if (json[index] != '\\' || index + 1 >= json.Length)
            {
                clean.Append(json[index++]);
                continue;
            }

            var length = CodeAt(json, index) switch
            {
                < 0 => 2,
                0 => 0,
                >= 0xD800 and <= 0xDBFF when CodeAt(json, index + 6) is >= 0xDC00 and <= 0xDFFF => 12,
                >= 0xD800 and <= 0xDFFF => 0,
                _ => 6,
            };
            _ = length > 0 ? clean.Append(json, index, length) : clean.Append(Replacement);
            index += length > 0 ? length : 6;
        }

        return clean.ToString();
    }

    /// <summary>The character that an escape at this place spells as a number; -1 when there is none.</summary>
    private static int CodeAt(string json, int index) =>
        index + 6 <= json.Length && json[index] == '\\' && json[index + 1] == 'u'
        && int.TryParse(json.AsSpan(index + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) ? code : -1;
}

using System.Globalization;
using System.Text.Json;

namespace Qube.Domain.Submissions;

/// <summary>
/// Reads typed values out of JSON for one job and remembers what is wrong. After an error every read goes on with
/// defaults, so that callers need no branch per field.
/// </summary>
internal sealed class FieldReader(string title, string? job)
{
    private readonly List<string> _warnings = [];
    private readonly List<SubmissionError> _errors = [];

    public SubmissionError? Error => _errors.Count > 0 ? _errors[0] : null;

    /// <summary>All that is wrong, in the order in which it was met.</summary>
    public IReadOnlyList<SubmissionError> Errors => _errors;

    public string Title { get; } = title;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Fail(string field, string message, int? column = null) =>
        _errors.Add(new($"{Title}, {field}: {message}", job, field, column));

    public void Warn(string field, string message) => _warnings.Add($"{Title}, {field}: {message}");

    public static bool IsAbsent(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>How a value is named in an error.</summary>
    public static string Shown(JsonElement value)
    {
        const int ShownLength = 40;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return "a dictionary";
            case JsonValueKind.Array:
                return "a list";
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return "nothing";
            case JsonValueKind.String when TryString(value, out var text):
                return $"'{(text.Length <= ShownLength ? text : text[..ShownLength] + "…")}'";
            default:
                var raw = value.GetRawText();
                return raw.Length <= ShownLength ? raw : raw[..ShownLength] + "…";
        }
    }

    /// <summary>False for an escape that is half a character (<c>"\ud800"</c>), which JSON allows and no text can hold.</summary>
    public static bool TryString(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    /// <summary>The members by name, the last one of a name given twice.</summary>
    public Dictionary<string, JsonElement> Members(JsonElement dictionary, string field)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in dictionary.EnumerateObject())
        {
            string name;
            try
            {
                name = property.Name;
            }
            catch (InvalidOperationException)
            {
                Fail(field, "a key holds half a character (a lone surrogate)");
                continue;
            }

            members[name] = property.Value;
        }

        return members;
    }

    /// <summary>Text; a number is taken as it is written. Null when absent.</summary>
    public string? Text(JsonElement value, string field)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            case JsonValueKind.Number:
                return value.GetRawText();
            case JsonValueKind.String:
                if (TryString(value, out var text))
                {
                    return text;
                }

                Fail(field, "the text holds half a character (a lone surrogate)");
                return null;
            default:
                Fail(field, $"expected text, found {Shown(value)}");
                return null;
        }
    }

    /// <summary>Text, or a list of texts that is joined by commas.</summary>
    public string? ListText(JsonElement value, string field) => value.ValueKind == JsonValueKind.Array
        ? string.Join(',', value.EnumerateArray().Select(element => Text(element, field) ?? ""))
        : Text(value, field);

    /// <summary>A whole number, also as text (<c>"5"</c>, <c>5.0</c>). Null when absent or empty.</summary>
    public long? Number(JsonElement value, string field)
    {
        if (IsAbsent(value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.Number or JsonValueKind.String)
        {
            var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TryString(value, out var read) ? read.Trim() : "?";
            if (text.Length == 0)
            {
                return null;
            }

            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && Math.Abs(real) < 1e15
                && Math.Floor(real) == real)
            {
                return (long)real;
            }
        }

        Fail(field, $"expected a whole number, found {Shown(value)}");
        return null;
    }

    /// <summary>A number that must fit into 32 bits.</summary>
    public int Int(JsonElement value, string field, int absent)
    {
        var number = Number(value, field);
        if (number is < int.MinValue or > int.MaxValue)
        {
            Fail(field, $"{number} is out of range");
        }

        return (int?)number ?? absent;
    }

    /// <summary>True or false, also as 0, 1 or text. Null when absent.</summary>
    public bool? Flag(JsonElement value, string field)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
        }

        var text = value.ValueKind is JsonValueKind.Number or JsonValueKind.String ? Text(value, field)?.Trim().ToLowerInvariant() : null;
        switch (text)
        {
            case "1" or "true" or "yes":
                return true;
            case "0" or "false" or "no" or "":
                return false;
            default:
                Fail(field, $"expected true or false, found {Shown(value)}");
                return null;
        }
    }
}

using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>The API's error as a line for people: its message, and job, field and column where the message does not name them already.</summary>
public static class ApiErrorText
{
    /// <summary>Null when the answer holds no error.</summary>
    public static string? Of(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("error", out var error))
        {
            return null;
        }

        return error.ValueKind == JsonValueKind.Object
            ? Of(error.Text("message"), error.Text("job"), error.Text("field"), error.Member("column") is { ValueKind: JsonValueKind.Number } column && column.TryGetInt32(out var at) ? at : null)
            : error.ToString();
    }

    public static string Of(string message, string job, string field, int? column)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(field);
        var missing = new List<string>();
        if (job.Length > 0 && !message.Contains(job, StringComparison.Ordinal))
        {
            missing.Add($"job {job}");
        }

        if (field.Length > 0 && !message.Contains(field, StringComparison.Ordinal))
        {
            missing.Add($"field {field}");
        }

        if (column is { } number && !message.Contains($"column {number.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal))
        {
            missing.Add($"column {number.ToString(CultureInfo.InvariantCulture)}");
        }

        return CellText.OneLine(missing.Count == 0 ? message : $"{message} ({string.Join(", ", missing)})");
    }
}

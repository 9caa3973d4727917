using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>One job as <c>sub</c> was told it, and its dictionary for the API.</summary>
internal sealed record JobDraftBody
{
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Null: the command.</summary>
    public string? Name { get; init; }

    /// <summary>Null: cmdrange for a job with a range, else cmdline.</summary>
    public string? Prototype { get; init; }

    /// <summary>Frames such as <c>1-100x2,105</c>; null for a job without items. Never written out here: a million frames are as short.</summary>
    public string? Range { get; init; }

    /// <summary>Frames per item.</summary>
    public long? Chunk { get; init; }

    /// <summary>How many items.</summary>
    public long? Partitions { get; init; }

    public bool Reverse { get; init; }

    public bool Binary { get; init; }

    public long? Padding { get; init; }

    public string? Shell { get; init; }

    public string? Reservations { get; init; }

    public bool Blocked { get; init; }

    public string? Cwd { get; init; }

    public IReadOnlyList<(JobAttribute Attribute, string Text)> Attributes { get; init; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Env { get; init; } = [];

    /// <summary>The whole environment of the submitter, where the flag asks for it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ExportedEnv { get; init; } = [];

    public void Write(Utf8JsonWriter writer)
    {
        var command = ShellWords.Join(Command);
        writer.WriteStartObject();
        writer.WriteString("name", Name ?? command);
        writer.WriteString("prototype", Prototype ?? (Range is null ? "cmdline" : "cmdrange"));
        foreach (var (attribute, text) in Attributes)
        {
            if (attribute.IsNumber)
            {
                writer.WriteNumber(attribute.Key, long.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                writer.WriteString(attribute.Key, text);
            }
        }

        WriteText(writer, "reservations", Reservations);
        WriteText(writer, "status", Blocked ? "blocked" : null);
        WriteText(writer, "cwd", Cwd);
        WriteTexts(writer, "env", Env);
        WriteTexts(writer, "exported_env", ExportedEnv);
        WritePackage(writer, command);
        if (Range is not null)
        {
            WriteAgenda(writer);
        }

        writer.WriteEndObject();
    }

    private void WritePackage(Utf8JsonWriter writer, string command)
    {
        writer.WriteStartObject("package");
        writer.WriteString("cmdline", command);
        WriteText(writer, "range", Range);
        WriteText(writer, "shell", Shell);
        if (Padding is { } padding)
        {
            writer.WriteNumber("padding", padding);
        }

        writer.WriteEndObject();
    }

    private void WriteAgenda(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("agenda");
        writer.WriteString("range", Range);
        if ((Chunk ?? Partitions) is { } size)
        {
            writer.WriteString("type", Chunk is null ? "partitions" : "chunks");
            writer.WriteNumber("n", size);
        }

        if (Binary)
        {
            writer.WriteBoolean("binarySort", true);
        }

        if (Reverse)
        {
            writer.WriteBoolean("reverse", true);
        }

        writer.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<KeyValuePair<string, string>> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (key, text) in texts)
        {
            writer.WriteString(key, text);
        }

        writer.WriteEndObject();
    }
}

using System.Text;
using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Packing;
using Qube.Domain.Syntax;

namespace Qube.Domain.Submissions;

/// <summary>What a job's workers run, after its package or its environment was changed (spec/jobs.md §1, modifiable list).</summary>
internal static class SpecCommand
{
    /// <summary>The command with another <c>env</c>, over that of the package as at submission.</summary>
    public static CommandSpec WithEnvironment(JobSpec spec, JsonElement env) =>
        spec.Command with { Env = Read(spec, Member(spec.Body, "package"), env, Silent()).Env };

    /// <summary>The command of another package; one that cannot be read changes nothing.</summary>
    public static CommandSpec WithPackage(JobSpec spec, JsonElement package)
    {
        var fields = Silent();
        var command = Read(spec, package, Member(spec.Body, "env"), fields);
        return fields.Error is not null ? spec.Command : command with
        {
            Cwd = spec.Command.Cwd,
            ExportedEnv = spec.Command.ExportedEnv,
            Preflights = spec.Command.Preflights,
            Postflights = spec.Command.Postflights,
            AgendaPreflights = spec.Command.AgendaPreflights,
            AgendaPostflights = spec.Command.AgendaPostflights,
        };
    }

    /// <summary>Says in <paramref name="fields"/> what is wrong with a package.</summary>
    public static void Check(JobSpec spec, string package, FieldReader fields)
    {
        using var document = JsonDocument.Parse(package);
        Read(spec, document.RootElement, default, fields);
    }

    /// <summary>Packed <c>data</c> (spec/jobs.md §5.4) as the package it is, in JSON.</summary>
    public static (string Json, SyntaxError? Problem) Unpack(string data)
    {
        var read = PackedData.Parse(data);
        return read.IsOk ? (Json(read.Value), null) : ("{}", read.Error);
    }

    internal static string Json(PackedData data)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in data.Entries)
        {
            JsonText.Append(text, name, value.Nested is { } nested ? Json(nested) : JsonText.Quote(value.Text));
        }

        return text.Append('}').ToString();
    }

    private static CommandSpec Read(JobSpec spec, JsonElement package, JsonElement env, FieldReader fields)
    {
        var members = package.ValueKind == JsonValueKind.Object ? fields.Members(package, "package") : [];
        return new CommandReader(fields).Read(spec.Prototype, members, new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["env"] = env });
    }

    private static FieldReader Silent() => new("", null);

    private static JsonElement Member(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) ? value.Clone() : default;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Qube.Domain.Execution;

namespace Qube.Actors.Workers;

/// <summary>What a back end is told: by its environment, and with each item.</summary>
internal static class BackEndItems
{
    /// <summary>The number of its socket to the launcher; the launcher gives it that one.</summary>
    private const string Descriptor = "3";

    /// <summary>The item on one line. Its package is asked of the supervisor: it may be large and most back ends have none.</summary>
    public static string Json(RunningItem running, WorkerInstance instance, ItemChecks? checks = null)
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("key", running.Key.ToString());
            json.WriteString("name", running.Item.Name);
            json.WriteNumber("id", running.Key.Seq);
            json.WriteNumber("pid", running.Key.JobId);
            json.WriteNumber("subid", instance.Id);
            json.WriteString("status", "running");
            if (running.Item.Submitted.Length > 0)
            {
                json.WritePropertyName("submitted");
                json.WriteRawValue(running.Item.Submitted);
            }

            if (checks is not null)
            {
                Write(json, "preflights", checks.Before);
                Write(json, "postflights", checks.After);
                Write(json, "flight_env", checks.Environment);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The path map, for the module <c>qb</c> in whatever runs here: one truth for it and for <c>QB_CONVERT_PATH</c>.</summary>
    public static string PathMapOf(WorkerOptions options) => "QUBE_PATH_MAP=" + JsonSerializer.Serialize(
        [.. options.PathMap.Replacements.SelectMany(static pair => new[] { pair.Key, pair.Value })], JsonStrings.Default.StringArray);

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    public static void AddVariables(IDictionary<string, string> variables, string prototype, WorkerOptions options)
    {
        variables["QUBE_BACKEND_FD"] = Descriptor;
        variables["QUBE_JOBTYPE"] = prototype;
        if (options.BackEnds.TryGetValue(prototype, out var program))
        {
            var more = variables.TryGetValue(program.ModulePathVariable, out var own) && own.Length > 0 ? ":" + own : "";
            variables["QUBE_JOBTYPE_PATH"] = program.Folder;
            variables[program.ModulePathVariable] = $"{program.Folder}:{program.ModulePath}{more}";
        }
    }
}

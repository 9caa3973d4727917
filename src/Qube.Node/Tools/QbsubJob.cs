using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Qube.Domain.Archives;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>From qbsub's command line to the job's dictionary: the same as the python module sends for the same job.</summary>
internal static class QbsubJob
{
    private const string PreviewFlag = "p_agenda";
    private const string ExportFlag = "export_environment";
    private const int PreviewBit = 32768;
    private const int ExportBit = 16;

    private static readonly (string One, string Other)[] Exclusive = [("chunk", "partitions"), ("reverse", "binary"), ("reservations", "processors")];

    /// <summary>The jobs to submit: one, or a preview and the rest.</summary>
    /// <param name="said">The command line.</param>
    /// <param name="imported">The job of an archive, which the command line overrides; or null.</param>
    /// <param name="cwd">The current directory, where there is one.</param>
    /// <exception cref="CliFailure">The command line makes no sense.</exception>
    public static IReadOnlyList<JsonObject> Of(ToolWords said, JsonObject? imported, string? cwd)
    {
        Check(said, imported is not null);
        var job = imported is null ? Draft(said, cwd) : Merged(imported, Draft(said, null), said);
        if (Flags(job) is { } flags && (flags.Names.Contains(PreviewFlag) || (flags.Bits & PreviewBit) != 0))
        {
            return Split(job, said, flags.Names);
        }

        return [job];
    }

    /// <summary>The environment that goes with a job that asks for it; only at submission, never into an archive.</summary>
    public static void AddEnvironment(JsonObject job)
    {
        if (Flags(job) is { } flags && (flags.Names.Contains(ExportFlag) || (flags.Bits & ExportBit) != 0))
        {
            var environment = new JsonObject();
            foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            {
                // Where the submitter's token is read may go along, the token itself not.
                if ((string)entry.Key != "QB_TOKEN")
                {
                    environment[(string)entry.Key] = (string?)entry.Value ?? "";
                }
            }

            job["exported_env"] = environment;
        }
    }

    private static void Check(ToolWords said, bool isImport)
    {
        if (said.Words.Count == 0 && !isImport && !said.Has("data"))
        {
            throw CliFailure.Usage("there is no command to run");
        }

        if (said.Has("data") && said.Words.Count > 0)
        {
            throw CliFailure.Usage($"--data is the whole package: '{CellText.OneLine(said.Words[0])}' is one command too many");
        }

        if (said.Has("data") && !said.Has("type") && !isImport)
        {
            throw CliFailure.Usage("--data needs --type, whose package it is");
        }

        if (said.Text("status") is { } status and not ("pending" or "blocked"))
        {
            throw CliFailure.Usage($"a job starts pending or blocked, not '{status}'");
        }

        if (!said.Has("range") && !isImport && ((string[])["chunk", "partitions", "reverse", "binary"]).FirstOrDefault(said.Has) is { } ofRange)
        {
            throw CliFailure.Usage($"--{ofRange} says how a --range is divided, and there is none");
        }

        foreach (var (one, other) in Exclusive)
        {
            if (said.Has(one) && said.Has(other))
            {
                throw CliFailure.Usage($"--{one} and --{other} cannot both hold");
            }
        }
    }

    private static JsonObject Draft(ToolWords said, string? cwd)
    {
        List<(JobAttribute, string)> attributes = [];
        foreach (var attribute in QbsubOptions.Attributes)
        {
            var option = attribute.Option[2..];
            if (said.Text(option) is { } text)
            {
                // Read here, so that a number that is none is named by its option.
                _ = attribute.IsNumber ? said.Number(option) : 0;
                attributes.Add((attribute, text));
            }
        }

        var draft = new JobDraftBody
        {
            Command = said.Words,
            Name = said.Text("name"),
            Prototype = said.Text("type"),
            Range = said.Text("range"),
            Chunk = said.Number("chunk"),
            Partitions = said.Number("partitions"),
            Reverse = said.Has("reverse"),
            Binary = said.Has("binary"),
            Padding = said.Number("padding"),
            Reservations = said.Number("processors") is { } processors ? string.Create(CultureInfo.InvariantCulture, $"host.processors={processors}") : null,
            Blocked = said.Text("status") == "blocked",
            Cwd = cwd,
            Attributes = attributes,
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            draft.Write(writer);
        }

        var job = JsonNode.Parse(stream.ToArray())!.AsObject();
        if (said.Text("data") is { } data)
        {
            job.Remove("package");
            job["data"] = data;
            job["name"] = said.Text("name") ?? said.Text("type") ?? "";
        }

        AddFlags(job, said);
        AddCommands(job, said);
        return job;
    }

    private static void AddFlags(JsonObject job, ToolWords said)
    {
        List<string> flags = [.. said.Texts("flags")];
        if (said.Has("mail"))
        {
            flags.Add("mail");
        }

        if (said.Has("p_agenda") && !flags.Any(flag => flag.Contains(PreviewFlag, StringComparison.OrdinalIgnoreCase)))
        {
            flags.Add(PreviewFlag);
        }

        if (flags.Count > 0)
        {
            job["flags"] = string.Join(',', flags);
        }
    }

    /// <summary>Commands on the supervisor are callbacks, which run in its pool of interpreters.</summary>
    private static void AddCommands(JsonObject job, ToolWords said)
    {
        var callbacks = new JsonArray();
        foreach (var (option, trigger) in (ReadOnlySpan<(string, string)>)[("preexec", "running-job-self"), ("postexec", "complete-job-self")])
        {
            if (said.Text(option) is { } command)
            {
                callbacks.Add((JsonNode)new JsonObject
                {
                    ["triggers"] = trigger,
                    ["language"] = "python",
                    ["code"] = $"import subprocess\nsubprocess.check_call({JsonValue.Create(command)!.ToJsonString()}, shell=True)\n",
                    ["max"] = 1,
                });
            }
        }

        if (callbacks.Count > 0)
        {
            job["callbacks"] = callbacks;
        }
    }

    /// <summary>What was said over what was archived.</summary>
    private static JsonObject Merged(JsonObject imported, JsonObject draft, ToolWords said)
    {
        var job = (JsonObject)imported.DeepClone();
        foreach (var (key, value) in draft)
        {
            switch (key)
            {
                case "name" when !said.Has("name"):
                case "prototype" when !said.Has("type"):
                    continue;
                case "package":
                    MergePackage(job, value!.AsObject(), said);
                    continue;
                case "callbacks" when job["callbacks"] is JsonArray callbacks:
                    foreach (var callback in value!.AsArray())
                    {
                        callbacks.Add(callback!.DeepClone());
                    }

                    continue;
                default:
                    job[key] = value?.DeepClone();
                    continue;
            }
        }

        if (said.Text("status") == "pending")
        {
            job.Remove("status");
        }

        if (said.Has("data"))
        {
            job.Remove("package");
        }

        if (said.Has("flags"))
        {
            job.Remove("flagsstring");
        }

        return job;
    }

    private static void MergePackage(JsonObject job, JsonObject package, ToolWords said)
    {
        if (said.Words.Count == 0)
        {
            package.Remove("cmdline");
        }

        if (package.Count == 0)
        {
            return;
        }

        if (job["package"] is not JsonObject own)
        {
            job["package"] = own = [];
        }

        foreach (var (key, value) in package)
        {
            own[key] = value?.DeepClone();
        }
    }

    private static IReadOnlyList<JsonObject> Split(JsonObject job, ToolWords said, IReadOnlyList<string> flags)
    {
        try
        {
            string[] items = job["agenda"] switch
            {
                JsonObject range => [.. Resubmission.ItemNames(range)],
                JsonArray list => [.. list.Select(item => item is JsonObject one ? one["name"]!.ToString() : item!.ToString())],
                _ => throw CliFailure.Usage("items that go ahead need a --range"),
            };
            var ahead = said.Text("p_agenda") is { } range2
                ? [.. Resubmission.ItemNames(new JsonObject { ["range"] = range2 })]
                : PreviewSplit.UsualItems(items);
            string[] left = [.. flags.Where(flag => flag != PreviewFlag)];
            job.Remove("flagsstring");
            job.Remove("flags");
            if (left.Length > 0)
            {
                job["flags"] = string.Join(',', left);
            }

            return PreviewSplit.Of(job, items, ahead, said.Number("p_priority"), said.Number("p_cpus"));
        }
        catch (FormatException wrong)
        {
            throw CliFailure.Usage(wrong.Message);
        }
    }

    private static (IReadOnlyList<string> Names, int Bits)? Flags(JsonObject job)
    {
        var value = job["flags"] ?? job["flagsstring"];
        if (value is not JsonValue)
        {
            return null;
        }

        var text = value.ToString();
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            ? ([], bits)
            : ([.. text.Split([',', '|', ' '], StringSplitOptions.RemoveEmptyEntries).Select(flag => flag.ToLowerInvariant())], 0);
    }
}

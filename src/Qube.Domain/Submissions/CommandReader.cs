using System.Text.Json;
using Qube.Contracts;

namespace Qube.Domain.Submissions;

/// <summary>What a worker needs of a job that runs commands (spec/jobs.md §4.1).</summary>
internal sealed class CommandReader(FieldReader fields)
{
    /// <summary>Prototypes that run <c>package.cmdline</c>; jobs of any other are kept and wait for a host that knows them.</summary>
    private static readonly string[] Commands = ["cmdline", "cmdrange", "frame", "pyCmdline", "pyCmdrange"];

    public CommandSpec Read(string prototype, Dictionary<string, JsonElement> package, Dictionary<string, JsonElement> job)
    {
        string Package(string name) => fields.Text(package.GetValueOrDefault(name), $"package.{name}") ?? "";

        var runsCommand = Commands.Contains(prototype, StringComparer.OrdinalIgnoreCase);
        if (runsCommand && string.IsNullOrWhiteSpace(Package("cmdline")))
        {
            fields.Fail("package.cmdline", $"a job of prototype {prototype} needs a command");
        }

        var env = new Dictionary<string, string>(StringComparer.Ordinal);
        AddEnvironment(package.GetValueOrDefault("env"), "package.env", env);
        AddEnvironment(job.GetValueOrDefault("env"), "env", env);
        var exported = new Dictionary<string, string>(StringComparer.Ordinal);
        AddEnvironment(job.GetValueOrDefault("exported_env"), "exported_env", exported);

        // Whoever exports an environment means its settings, not to have a token kept in the farm's journal.
        exported.Remove("QB_TOKEN");
        var command = new CommandSpec
        {
            Cwd = fields.Text(job.GetValueOrDefault("cwd"), "cwd") ?? "",
            Env = [.. env.SelectMany(pair => new[] { pair.Key, pair.Value })],
            ExportedEnv = [.. exported.SelectMany(pair => new[] { pair.Key, pair.Value })],
            Preflights = Checks("preflights"),
            Postflights = Checks("postflights"),
            AgendaPreflights = Checks("agenda_preflights"),
            AgendaPostflights = Checks("agenda_postflights"),
        };
        string Checks(string name) => fields.ListText(job.GetValueOrDefault(name), name) ?? "";

        if (!runsCommand)
        {
            return command with { Prototype = prototype };
        }

        return command with
        {
            CmdLine = Package("cmdline"),
            ConvertsPaths = prototype.StartsWith("py", StringComparison.Ordinal),
            Shell = Package("shell"),
            Padding = Math.Max(0, fields.Int(package.GetValueOrDefault("padding"), "package.padding", 0)),
            RegexErrors = Package("regex_errors"),
            RegexOutputPaths = Package("regex_outputPaths"),
            RegexHighlights = Package("regex_highlights"),
            RegexProgress = Package("regex_progress"),
            RegexMaxLines = Math.Max(0, fields.Int(package.GetValueOrDefault("regex_maxLines"), "package.regex_maxLines", 0)),
        };
    }

    private void AddEnvironment(JsonElement value, string field, Dictionary<string, string> env)
    {
        if (FieldReader.IsAbsent(value) || (value.ValueKind == JsonValueKind.String && FieldReader.TryString(value, out var text) && text.Length == 0))
        {
            return;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.Fail(field, $"expected a dictionary, found {FieldReader.Shown(value)}");
            return;
        }

        foreach (var (name, variable) in fields.Members(value, field))
        {
            var read = variable.ValueKind switch
            {
                JsonValueKind.True => "True",
                JsonValueKind.False => "False",
                _ => fields.Text(variable, $"{field}.{name}"),
            };
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            {
                fields.Fail(field, $"'{name}' is no name of an environment variable");
            }
            else if (read is not null)
            {
                env[name] = read;
            }
        }
    }
}

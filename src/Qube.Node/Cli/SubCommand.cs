using System.Collections;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>sub: hands a job in (spec/cli.md §1).</summary>
internal sealed class SubCommand
{
    private const string ExportEnvironment = "export_environment";

    private readonly ClientSession _session;
    private readonly Argument<string[]> _command = new("COMMAND") { Arity = ArgumentArity.ZeroOrMore, Description = "What to run, with all that follows it." };
    private readonly Option<string> _name = VerbOptions.Text("--name", "TEXT", "What it is called; the command without it.");
    private readonly Option<string> _prototype = new("--prototype", "--type")
    {
        HelpName = "TYPE",
        Description = "The job type; cmdrange with --range and cmdline otherwise.",
    };

    private readonly Option<string> _range = VerbOptions.Text("--range", "RANGE", "Frames to run the command for: 1-100, 1-100x2, 1,5,10-20.");
    private readonly Option<long?> _chunk = VerbOptions.Number("--chunk", "N", "So many frames to an item.");
    private readonly Option<long?> _partitions = VerbOptions.Number("--partitions", "N", "So many items in all.");
    private readonly Option<bool> _reverse = VerbOptions.Flag("--reverse", "Last frame first.");
    private readonly Option<bool> _binary = VerbOptions.Flag("--binary", "First, last, middle, and so on between.");
    private readonly Option<long?> _padding = VerbOptions.Number("--padding", "N", "Frame numbers with leading zeros, so many digits.");
    private readonly Option<string> _reservations = VerbOptions.Text("--reservations", "TEXT", "What each instance takes of its host; host.processors=1 without it.");
    private readonly Option<long?> _processors = VerbOptions.Number("--processors", "N", "As --reservations host.processors=N.");
    private readonly Option<string[]> _env = new("--env")
    {
        HelpName = "NAME=VALUE",
        Description = "An environment variable of the command; NAME alone: with its value here. May be said again.",
    };

    private readonly Option<string> _cwd = VerbOptions.Text("--cwd", "DIR", "Where the command runs, if the host has it; the current directory without it.");
    private readonly Option<string> _shell = VerbOptions.Text("--shell", "PATH", "The shell that reads the command, where it needs one.");
    private readonly Option<string> _status = VerbOptions.Text("--status", "pending|blocked", "blocked: it starts when unblocked.");
    private readonly Option<string> _user = VerbOptions.Text("--user", "USER", "Whose it is; yours without it.");
    private readonly Option<bool> _waiton = VerbOptions.Flag("--waiton", "Wait until it is done, showing its progress on stderr; exit code 0 only if it is complete.");
    private readonly Option<string> _json = VerbOptions.Text("--json", "FILE|-", "Submit the job's dictionary in this file, or the list of them, as they are; - reads stdin.");
    private readonly Option<bool> _check = VerbOptions.Flag("--check", "Only ask whether it would be accepted; prints what would be created.");
    private readonly List<(JobAttribute Attribute, Option<string> Option)> _attributes =
        [.. JobAttribute.All.Select(attribute => (attribute, VerbOptions.Text(attribute.Option, attribute.ValueName, attribute.Description)))];

    private SubCommand(ClientSession session) => _session = session;

    private CliEnvironment Environment => _session.Environment;

    public static Command Build(ClientSession session)
    {
        var sub = new SubCommand(session);
        var command = new Command("sub", "Submits a job: a command to run once, or once for each of a range of frames. Prints its id.")
        {
            sub._command, sub._name, sub._range, sub._chunk, sub._partitions, sub._reverse, sub._binary, sub._padding,
        };
        sub._attributes.ForEach(attribute => command.Options.Add(attribute.Option));
        foreach (var option in (Option[])
            [
                sub._reservations, sub._processors, sub._env, sub._cwd, sub._shell, sub._prototype, sub._status, sub._user, sub._waiton, sub._json, sub._check,
            ])
        {
            command.Options.Add(option);
        }

        command.SetAction(sub.Run);
        return command;
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var isFile = parsed.GetValue(_json) is not null;
        RefuseTogether(parsed, isFile);
        var file = isFile ? await JobFile.Read(parsed.GetValue(_json)!, Environment, cancel) : default;
        var draft = isFile ? null : Draft(parsed);
        var isCheck = parsed.GetValue(_check);
        using var supervisor = _session.Connect(parsed);
        var answer = await supervisor.Post(
            "api/v1/jobs",
            body =>
            {
                body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                body.WriteString("user", parsed.GetValue(_user) ?? Environment.User);
                body.WriteString("sourceHost", System.Environment.MachineName);
                body.WriteBoolean("check", isCheck);
                body.WritePropertyName("jobs");
                WriteJobs(body, draft, file);
            },
            cancel);

        foreach (var warning in answer.Texts("warnings"))
        {
            _session.Say($"warning: {CellText.OneLine(warning)}");
        }

        var jobs = answer.List("jobs").ToList();
        if (isCheck)
        {
            jobs.ForEach(job => Environment.Output.WriteLine(Planned(job, draft)));
            return CliExit.Ok;
        }

        long[] ids = [.. jobs.Select(job => job.Long("id"))];
        foreach (var id in ids)
        {
            await Environment.Output.WriteLineAsync(id.ToString(CultureInfo.InvariantCulture));
        }

        // Whoever reads the pipe has the ids now, not when the jobs are done.
        await Environment.Output.FlushAsync(cancel);
        return !parsed.GetValue(_waiton) || await JobWait.UntilDone(_session, supervisor, ids, cancel) ? CliExit.Ok : CliExit.Refused;
    }

    private static void WriteJobs(Utf8JsonWriter body, JobDraftBody? draft, JsonElement file)
    {
        if (file.ValueKind == JsonValueKind.Array)
        {
            file.WriteTo(body);
            return;
        }

        body.WriteStartArray();
        if (draft is not null)
        {
            draft.Write(body);
        }
        else
        {
            file.WriteTo(body);
        }

        body.WriteEndArray();
    }

    private void RefuseTogether(ParseResult parsed, bool isFile)
    {
        bool IsSaid(Option option) => parsed.GetResult(option) is { Implicit: false };

        if (isFile)
        {
            Option[] others =
            [
                _name, _range, _chunk, _partitions, _reverse, _binary, _padding, _reservations, _processors, _env, _cwd, _shell, _prototype, _status,
                .. _attributes.Select(attribute => attribute.Option),
            ];
            if (others.FirstOrDefault(IsSaid) is { } other)
            {
                throw CliFailure.Usage($"--json submits jobs as they are: {other.Name} belongs in the file");
            }

            if (parsed.GetValue(_command) is { Length: > 0 } words)
            {
                throw CliFailure.Usage($"--json submits jobs as they are: '{CellText.OneLine(words[0])}' is one command too many");
            }
        }

        if (!IsSaid(_range) && new Option[] { _chunk, _partitions, _reverse, _binary }.FirstOrDefault(IsSaid) is { } ofRange)
        {
            throw CliFailure.Usage($"{ofRange.Name} says how a --range is divided, and there is none");
        }

        foreach (var (one, other) in new (Option, Option)[] { (_chunk, _partitions), (_reverse, _binary), (_reservations, _processors) })
        {
            if (IsSaid(one) && IsSaid(other))
            {
                throw CliFailure.Usage($"{one.Name} and {other.Name} cannot both hold");
            }
        }
    }

    private JobDraftBody Draft(ParseResult parsed)
    {
        if (parsed.GetValue(_command) is not { Length: > 0 } command)
        {
            throw CliFailure.Usage("there is no command to run");
        }

        var status = parsed.GetValue(_status) ?? "pending";
        if (status is not ("pending" or "blocked"))
        {
            throw CliFailure.Usage($"a job starts pending or blocked, not '{status}'");
        }

        List<(JobAttribute Attribute, string Text)> attributes = [];
        foreach (var (attribute, option) in _attributes)
        {
            if (parsed.GetValue(option) is not { } text)
            {
                continue;
            }

            if (attribute.IsNumber && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                throw CliFailure.Usage($"{attribute.Option} takes a whole number, not '{text}'");
            }

            attributes.Add((attribute, text));
        }

        var exports = attributes.Any(one => one.Attribute.Key == "flags" && one.Text.Contains(ExportEnvironment, StringComparison.OrdinalIgnoreCase));
        return new()
        {
            Command = command,
            Name = parsed.GetValue(_name),
            Prototype = parsed.GetValue(_prototype),
            Range = parsed.GetValue(_range),
            Chunk = parsed.GetValue(_chunk),
            Partitions = parsed.GetValue(_partitions),
            Reverse = parsed.GetValue(_reverse),
            Binary = parsed.GetValue(_binary),
            Padding = parsed.GetValue(_padding),
            Shell = parsed.GetValue(_shell),
            Reservations = parsed.GetValue(_processors) is { } processors
                ? string.Create(CultureInfo.InvariantCulture, $"host.processors={processors}")
                : parsed.GetValue(_reservations),
            Blocked = status == "blocked",
            Cwd = parsed.GetValue(_cwd) is { } cwd ? Path.GetFullPath(cwd) : CurrentDirectory(),
            Attributes = attributes,
            Env = [.. (parsed.GetValue(_env) ?? []).Select(Variable)],
            ExportedEnv = exports
                ? [.. System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => new KeyValuePair<string, string>((string)entry.Key, (string?)entry.Value ?? ""))]
                : [],
        };
    }

    private KeyValuePair<string, string> Variable(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new(text[..equals], text[(equals + 1)..])
            : equals < 0 && Environment.Variable(text) is { } here ? new(text, here)
            : throw CliFailure.Usage(equals == 0 ? $"--env '{text}' has no name" : $"--env {text}: there is no such variable here; write {text}=VALUE");
    }

    /// <summary>Null where it was removed under us: the worker then uses its own.</summary>
    private static string? CurrentDirectory()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Planned(JsonElement job, JobDraftBody? draft)
    {
        var range = draft?.Range is { } frames ? $", frames {frames}" : "";
        var divided = draft?.Chunk is { } chunk ? $" in items of {chunk}" : draft?.Partitions is { } parts ? $" in {parts} items" : "";
        return CellText.OneLine(
            $"would create: {job.Text("prototype")} job '{job.Text("name")}' (label {job.Text("label")}), {job.Text("status")}, "
            + $"priority {job.Text("priority")}, {job.Text("cpus")} {(job.Int("cpus") == 1 ? "instance" : "instances")}{range}{divided}");
    }
}

using System.CommandLine;
using System.Text.Json;
using Qube.Node.Api;

namespace Qube.Node.Cli;

/// <summary>out and err: what instances wrote, at once or as they write it (spec/cli.md §3.2).</summary>
internal sealed class LogCommand
{
    private readonly ClientSession _session;
    private readonly string _stream;
    private readonly string _program;
    private readonly Argument<string[]> _ids = VerbOptions.Ids(ArgumentArity.OneOrMore, "Jobs (12), instances (12.0) or items (12:5): then the instance that ran it.");
    private readonly Option<bool> _follow = VerbOptions.Flag("--follow", "Go on until the jobs are done.");
    private readonly Option<long?> _pos = VerbOptions.Number("--pos", "BYTES", "Begin there; below 0: so many bytes before the end.");

    public LogCommand(ClientSession session, string stream, string program) => (_session, _stream, _program) = (session, stream, program);

    /// <summary>How often a log that is followed is read; null: as every command that waits.</summary>
    public TimeSpan? Interval { get; init; }

    public static IEnumerable<Command> BuildAll(ClientSession session)
    {
        yield return new LogCommand(session, "out", "qube out").Build("Prints what the processes of a job wrote to stdout.");
        yield return new LogCommand(session, "err", "qube err").Build("Prints what the processes of a job wrote to stderr.");
    }

    private Command Build(string description)
    {
        var command = new Command(_stream, description) { _ids, _follow, _pos };
        command.SetAction(Run);
        return command;
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        var targets = ClientSession.Targets(parsed.GetRequiredValue(_ids));
        using var supervisor = _session.Connect(parsed);
        return await Print(supervisor, targets, parsed.GetValue(_pos) ?? 0, parsed.GetValue(_follow), cancel);
    }

    /// <summary>Prints the logs of what is named, from a byte on, and what is written meanwhile if they are followed.</summary>
    public async Task<int> Print(SupervisorClient supervisor, TargetId[] targets, long pos, bool follow, CancellationToken cancel)
    {
        var ids = await Instances(supervisor, targets, cancel);
        var reader = new LogReader(supervisor, _stream, ids, _session.Environment.Output, pos);
        try
        {
            if (follow)
            {
                await Follow(supervisor, reader, targets, cancel);
            }
            else
            {
                await reader.ReadOn(patiently: false, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return CliExit.Ok;
        }

        return reader.FoundAny ? CliExit.Ok : await Explain(supervisor, targets, cancel);
    }

    /// <summary>An item's output is in the log of the instance that ran it.</summary>
    private static async Task<string[]> Instances(SupervisorClient supervisor, TargetId[] targets, CancellationToken cancel)
    {
        var ids = new List<string>();
        foreach (var target in targets)
        {
            if (target.Item is not { Length: > 0 } name)
            {
                ids.Add(target.Instance is { } instance ? $"{target.Job}.{instance}" : $"{target.Job}");
                continue;
            }

            var job = (await JobQueries.ByIds(supervisor, [target.Job], cancel, details: true)).List("jobs").FirstOrDefault();
            var item = job.List("agenda").FirstOrDefault(one => one.Text("name") == name);
            if (item.ValueKind == JsonValueKind.Undefined)
            {
                throw CliFailure.Refused(job.ValueKind == JsonValueKind.Undefined ? $"there is no job {target.Job}" : $"job {target.Job} has no item '{CellText.OneLine(name)}'");
            }

            if (item.Int("subid") < 0)
            {
                throw CliFailure.Refused($"item '{CellText.OneLine(name)}' of job {target.Job} has not run: it is {item.Text("status")}");
            }

            ids.Add($"{target.Job}.{item.Int("subid")}");
        }

        return [.. ids.Distinct(StringComparer.Ordinal)];
    }

    private async Task Follow(SupervisorClient supervisor, LogReader reader, TargetId[] targets, CancellationToken cancel)
    {
        long[] jobs = [.. targets.Select(target => target.Job).Distinct()];
        while (true)
        {
            // Asked before reading: what a job wrote until it was done is then read for certain.
            var statuses = (await JobQueries.ByIds(supervisor, jobs, cancel, patiently: true)).List("jobs").Select(job => job.Text("status")).ToList();
            await reader.ReadOn(patiently: true, cancel);
            if (statuses.All(StatusLook.IsDone))
            {
                return;
            }

            await Task.Delay(Interval ?? _session.Environment.PollInterval, _session.Environment.Time, cancel);
        }
    }

    private async Task<int> Explain(SupervisorClient supervisor, TargetId[] targets, CancellationToken cancel)
    {
        long[] jobs = [.. targets.Select(target => target.Job).Distinct()];
        var known = (await JobQueries.ByIds(supervisor, jobs, cancel)).List("jobs").Select(job => job.Long("id")).ToHashSet();
        foreach (var job in jobs)
        {
            _session.Say($"{_program}: {(known.Contains(job) ? $"job {job} has written nothing yet" : $"there is no job {job}")}");
        }

        return jobs.All(known.Contains) ? CliExit.Ok : CliExit.Refused;
    }
}

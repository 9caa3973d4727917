using System.CommandLine;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>jobs: the list, one job's items, or both while they change.</summary>
internal sealed class JobsCommand
{
    /// <summary>More scroll a terminal away; a pipe gets all there are.</summary>
    public const int TerminalLimit = 100;

    private readonly ClientSession _session;
    private readonly Argument<string[]> _ids = VerbOptions.Ids(ArgumentArity.ZeroOrMore, "Jobs; none is every job, the newest first.");
    private readonly Option<string> _status = VerbOptions.Text("--status", "STATUS", "Only jobs in these states: running, pending, blocked, complete, failed, killed …");
    private readonly Option<string> _user = VerbOptions.Text("--user", "USER", "Only jobs of these users; all is everybody, as without it.");
    private readonly Option<string> _name = VerbOptions.Text("--name", "PATTERN", "Only jobs so called.");
    private readonly Option<string> _label = VerbOptions.Text("--label", "PATTERN", "Only jobs so labelled.");
    private readonly Option<string> _pgrp = VerbOptions.Text("--pgrp", "ID", "Only jobs of these process groups.");
    private readonly Option<long?> _limit = VerbOptions.Number("--limit", "N", "At most so many.");
    private readonly Option<bool> _frames = VerbOptions.Flag("--frames", "List the items of the jobs named: status, host, start, time taken (instances, for jobs without items).");
    private readonly Option<bool> _watch = VerbOptions.Flag(
        "--watch", "Go on showing until all jobs named are done, or until cut off; in a pipe, a line per change of a job's status.");
    private readonly Option<bool> _json = VerbOptions.Flag("--json", "Print the supervisor's answer as JSON.");

    private JobsCommand(ClientSession session) => _session = session;

    private CliEnvironment Environment => _session.Environment;

    public static Command Build(ClientSession session)
    {
        var jobs = new JobsCommand(session);
        var command = new Command("jobs", "Lists jobs: how far they are, whose they are, and why those that wait are waiting.")
        {
            jobs._ids, jobs._status, jobs._user, jobs._name, jobs._label, jobs._pgrp, jobs._limit, jobs._frames, jobs._watch, jobs._json,
        };
        command.SetAction(jobs.Run);
        return command;
    }

    private async Task<int> Run(ParseResult parsed, CancellationToken cancel)
    {
        long[] ids = [.. ClientSession.Targets(parsed.GetValue(_ids) ?? []).Select(id => id.Job).Distinct()];
        var (frames, watch, json) = (parsed.GetValue(_frames), parsed.GetValue(_watch), parsed.GetValue(_json));
        if (frames && ids.Length == 0)
        {
            throw CliFailure.Usage("--frames lists the items of jobs that are named");
        }

        if (watch && (frames || json))
        {
            throw CliFailure.Usage($"--watch shows jobs, and {(frames ? "--frames" : "--json")} something else");
        }

        using var supervisor = _session.Connect(parsed);
        if (watch)
        {
            return await Watch(supervisor, parsed, ids, cancel);
        }

        var found = await Query(supervisor, parsed, ids, frames, patiently: false, cancel);
        if (json)
        {
            JsonListing.Write(Environment.Output, found);
        }
        else if (found.Count > 0)
        {
            Listing(found, frames).Show(Environment);
        }

        return Missing(parsed, ids, found, json);
    }

    private Listing Listing(List<JsonElement> found, bool frames) => frames
        ? FrameTable.Of(found, Environment.OutputIsTerminal, _session.NowMs, _session.Zone)
        : JobTable.Of([.. found.Select(JobRow.Of)], Environment.OutputIsTerminal, _session.NowMs / 1000, _session.Zone);

    private async Task<List<JsonElement>> Query(
        SupervisorClient supervisor, ParseResult parsed, long[] ids, bool frames, bool patiently, CancellationToken cancel)
    {
        void Body(Utf8JsonWriter body)
        {
            if (ids.Length > 0)
            {
                JobQueries.WriteIds(body, ids);
            }

            if (frames)
            {
                body.WriteBoolean("agenda", true);
                body.WriteBoolean("subjobs", true);
            }

            body.WriteStartObject("filters");
            JobQueries.WriteList(body, "status", JobQueries.Split(parsed.GetValue(_status)));
            JobQueries.WriteList(body, "user", parsed.GetValue(_user) == "all" ? [] : JobQueries.Split(parsed.GetValue(_user)));
            JobQueries.WriteList(body, "name", JobQueries.Split(parsed.GetValue(_name)));
            JobQueries.WriteList(body, "label", JobQueries.Split(parsed.GetValue(_label)));
            JobQueries.WriteList(body, "pgrp", JobQueries.Split(parsed.GetValue(_pgrp)));
            body.WriteEndObject();
            if (ids.Length == 0)
            {
                body.WriteString("orderby", "id DESC");
            }

            if (Limit(parsed, ids) is { } limit)
            {
                body.WriteNumber("limit", limit);
            }
        }

        var answer = patiently
            ? await supervisor.PostPatiently(JobQueries.Path, Body, cancel)
            : await supervisor.Post(JobQueries.Path, Body, cancel);
        return [.. answer.List("jobs")];
    }

    private long? Limit(ParseResult parsed, long[] ids) =>
        parsed.GetValue(_limit) is { } limit ? Math.Clamp(limit, 1, int.MaxValue)
        : Environment.OutputIsTerminal && ids.Length == 0 ? TerminalLimit
        : null;

    private int Missing(ParseResult parsed, long[] ids, List<JsonElement> found, bool json)
    {
        var isFiltered = new[] { _status, _user, _name, _label, _pgrp }.Any(option => parsed.GetValue(option) is not null) || parsed.GetValue(_limit) is not null;
        var seen = found.Select(job => job.Long("id")).ToHashSet();
        long[] missing = isFiltered ? [] : [.. ids.Where(id => !seen.Contains(id))];
        foreach (var id in missing)
        {
            _session.Say($"qube jobs: there is no job {id}");
        }

        if (found.Count == 0 && missing.Length == 0 && !json)
        {
            _session.Say("no jobs");
        }
        else if (found.Count == TerminalLimit && ids.Length == 0 && parsed.GetValue(_limit) is null && Environment.OutputIsTerminal)
        {
            _session.Say($"the newest {TerminalLimit} jobs; --limit N shows more");
        }

        return missing.Length > 0 ? CliExit.Refused : CliExit.Ok;
    }

    private async Task<int> Watch(SupervisorClient supervisor, ParseResult parsed, long[] ids, CancellationToken cancel)
    {
        var last = new List<JsonElement>();
        async Task Follow(Action<List<JsonElement>> show)
        {
            while (true)
            {
                last = await Query(supervisor, parsed, ids, frames: false, patiently: last.Count > 0, cancel);
                show(last);
                if (ids.Length > 0 && last.All(job => StatusLook.IsDone(job.Text("status"))))
                {
                    return;
                }

                await Task.Delay(Environment.PollInterval, Environment.Time, cancel);
            }
        }

        try
        {
            await (Environment.OutputIsTerminal
                ? LiveScreen.OfOutput(Environment).RunAsync(draw => Follow(jobs =>
                {
                    var listing = Listing(jobs, frames: false);
                    draw(TerminalTable.Render(listing.Columns, listing.Rows, Environment.Width));
                }))
                : new JobProgressView(Environment.Output, isTerminal: false).RunAsync(show => Follow(jobs => show([.. jobs.Select(job => JobRow.Of(job).Progress)]))));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Watching ends when the watcher has seen enough.
        }

        return cancel.IsCancellationRequested ? CliExit.Ok : Missing(parsed, ids, last, json: false);
    }
}

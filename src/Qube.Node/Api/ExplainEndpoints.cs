using System.Collections.Concurrent;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Explaining;
using Qube.Domain.Submissions;

namespace Qube.Node.Api;

/// <summary>Why something is as it is, and what a submission would do: questions that change nothing.</summary>
internal static class ExplainEndpoints
{
    /// <summary>Callbacks looked at for one explanation, and jobs asked about what they will do: more than a person reads.</summary>
    private const int MaxCallbacks = 200;
    private const int MaxSources = 500;
    private const int MaxHosts = 200;

    public static void Map(RouteGroupBuilder api, FarmRefs farm, SubmissionService submissions, ApiOptions options)
    {
        api.MapGet("/jobs/{id:long}/explain", (long id, string? item, bool? all, HttpContext context) => Explain(id, item ?? "", all ?? false, farm, options, context.RequestAborted))
            .WithName("explain")
            .WithSummary("Why a job, or an item of it, is where it is: triggers leaf by leaf, and what each host lacks. all: list what has matched too.")
            .Produces<Explanation>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status404NotFound);
        var access = new Access(farm, options);
        api.MapPost("/jobs/check", (HttpContext context, CancellationToken cancel) => Check(context, access, submissions, cancel))
            .WithName("checkJobs")
            .WithSummary("What a submission would do, without doing it: every error and warning, the jobs and what waits for what.")
            .Accepts<System.Text.Json.JsonElement>("application/json")
            .Produces<CheckAnswer>();
    }

    private static async Task<IResult> Check(HttpContext context, Access access, SubmissionService submissions, CancellationToken cancel)
    {
        var body = await JobEndpoints.ReadBody(context);
        var sourceHost = context.Connection.RemoteIpAddress?.MapToIPv4().ToString() ?? "";
        var report = await submissions.Check(body, sourceHost, cancel, draft => access.Admit(context, draft));
        return Results.Json(
            new CheckAnswer(
                report.IsAccepted,
                [.. report.Errors.Select(error => new ApiErrors.ErrorDetail(error.Message, error.Job, error.Field, error.Column))],
                report.Warnings,
                report.Jobs,
                report.Links,
                SubmissionGraph.Text(report.Jobs, report.Links)),
            ApiJson.Readable.CheckAnswer);
    }

    private static async Task<IResult> Explain(long id, string item, bool all, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var subject = await farm.Jobs.AskFarm<ExplainMessages.Subject>(
            new ExplainMessages.GetSubject { JobId = new(id), Item = item }, $"job {id}", options.AskLimit, cancel);
        if (!subject.Exists)
        {
            return ApiErrors.NotFound($"there is no job {id}");
        }

        if (item.Length > 0 && subject.ItemStatus == Status.Unknown)
        {
            return ApiErrors.NotFound($"job {id} has no item '{item}'");
        }

        var (triggers, count, labels) = subject.CallbackCount > 0 ? await Triggers(id, item, farm, options, cancel) : ([], 0, []);
        var parts = new ExplanationParts
        {
            Subject = subject,
            Item = item,
            Triggers = [.. triggers],
            TriggerCount = count,
            TriggerLabels = labels,
            GroupLabels = triggers.Count > 0 ? await GroupLabels(subject.Pgrp, farm, options, cancel) : [],
            Sources = await Sources(triggers, farm, options, cancel),
            Lacks = await Lacks(subject, farm, options, cancel),
        };
        return Results.Json(
            Explainer.Explain(all ? parts with { MatchedShown = int.MaxValue, MissingShown = int.MaxValue } : parts), ApiJson.Readable.Explanation);
    }

    private static async Task<(List<ExplainMessages.TriggerView> Views, int Count, string[] Labels)> Triggers(
        long id, string item, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var views = new List<ExplainMessages.TriggerView>();
        ExplainMessages.Triggers page;
        var after = 0;
        do
        {
            page = await farm.Jobs.AskFarm<ExplainMessages.Triggers>(
                new ExplainMessages.GetTriggers { JobId = new(id), Item = item, After = after }, $"job {id}", options.AskLimit, cancel);
            views.AddRange(page.Items);
            after = page.Next;
        }
        while (after > 0 && views.Count < MaxCallbacks);

        return (views, page.Count, page.Labels);
    }

    private static async Task<string[]> GroupLabels(long pgrp, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var group = await farm.Groups.AskFarm<FarmMessages.ProcessGroup>(
            new FarmMessages.GetProcessGroup { Pgrp = pgrp }, $"process group {pgrp}", options.AskLimit, cancel);
        return [.. group.Labels.Where(label => label.Length > 0)];
    }

    private static async Task<IReadOnlyDictionary<long, JobMessages.Source>> Sources(
        List<ExplainMessages.TriggerView> triggers, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var sources = new ConcurrentDictionary<long, JobMessages.Source>();
        await Parallel.ForEachAsync(
            Explainer.SourcesOf(triggers).Take(MaxSources),
            new ParallelOptions { MaxDegreeOfParallelism = options.AsksAtOnce, CancellationToken = cancel },
            async (source, cancelled) => sources[source] = await farm.Jobs.AskFarm<JobMessages.Source>(
                new JobMessages.GetSource { JobId = new(source) }, $"job {source}", options.AskLimit, cancelled));
        return sources;
    }

    private static async Task<ExplainMessages.Lacks?> Lacks(ExplainMessages.Subject subject, FarmRefs farm, ApiOptions options, CancellationToken cancel) =>
        subject.Status is Status.Pending or Status.Running or Status.Waiting
            ? await farm.Dispatcher.AskFarm<ExplainMessages.Lacks>(
                new ExplainMessages.GetLacks { JobId = subject.JobId, Limit = MaxHosts }, "the dispatcher", options.AskLimit, cancel) is { Wanted: > 0 } lacks ? lacks : null
            : null;
}

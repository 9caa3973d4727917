using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Submissions;

namespace Qube.Node.Api;

/// <summary>Submission and queries of jobs. Jobs are passed on as the text they are: what was submitted comes back unchanged.</summary>
internal static class JobEndpoints
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, SubmissionService submissions, ApiOptions options)
    {
        var access = new Access(farm, options);
        api.MapPost("/jobs", (HttpContext context, CancellationToken cancel) => Submit(context, access, submissions, cancel))
            .WithName("submitJobs")
            .WithSummary("Submits jobs, all of one call as one process group; all are taken or none. check: true only asks.")
            .Accepts<JsonElement>("application/json")
            .Produces<JsonElement>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status403Forbidden)
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status503ServiceUnavailable);
        api.MapPost("/jobs/query", (JobQueryRequest query, HttpContext context) => Query(query, context, farm, options))
            .WithName("queryJobs")
            .WithSummary("Jobs by id or by filters; agenda, subjobs and callbacks only where asked for.")
            .Produces<JsonElement>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
    }

    private static async Task Submit(HttpContext context, Access access, SubmissionService submissions, CancellationToken cancel)
    {
        var body = await ReadBody(context);
        var sourceHost = context.Connection.RemoteIpAddress?.MapToIPv4().ToString() ?? "";
        var answer = await submissions.Submit(body, ApiEndpoints.FiringRequestId(context.Request), sourceHost, cancel, draft => access.Admit(context, draft));
        switch (answer)
        {
            case SubmissionAnswer.Accepted accepted:
                await WriteJobs(
                    context,
                    accepted.Jobs.Select(job => SubmittedJobJson.Write(accepted.DryRun ? WithoutIds(job) : job)),
                    accepted.Warnings);
                break;
            case SubmissionAnswer.Refused { Error: var error }:
                await ApiErrors.Refused(error.Message, error.Job, error.Field, error.Column).ExecuteAsync(context);
                break;
        }
    }

    /// <summary>A dry run's ids belong to whoever submits next.</summary>
    private static JobSpec WithoutIds(JobSpec job) => job with { JobId = new(0), Pgrp = job.Pgrp == job.JobId.Value ? 0 : job.Pgrp };

    internal static async Task<ReadOnlyMemory<byte>> ReadBody(HttpContext context)
    {
        using var body = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 4096, 1 << 20));
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static async Task Query(JobQueryRequest query, HttpContext context, FarmRefs farm, ApiOptions options)
    {
        var details = new JobDetails(farm, options, query);
        var asked = JobQueryReader.Read(query);
        var onlyIds = asked.Ids.Length > 0 && asked == new JobQuery { Ids = asked.Ids, Filters = asked.Filters } && asked.Filters.Length == 0;
        if (onlyIds)
        {
            // A job itself is asked: never behind, and no row is needed.
            await WriteJobs(context, await details.Of(asked.Ids, context.RequestAborted), null);
            return;
        }

        var rows = await farm.ReadModel.AskFarm<ReadModelMessages.JobRows>(
            new ReadModelMessages.QueryJobs { Query = asked with { WithoutJson = details.AreWanted } }, "the read model", options.AskLimit, context.RequestAborted);
        if (rows.Error.Length > 0)
        {
            throw rows.Away ? new FarmAwayException(rows.Error) : new ApiRefusedException(rows.Error);
        }

        var jobs = details.AreWanted
            ? await details.Of([.. rows.Rows.Select(row => row.JobId.Value)], context.RequestAborted)
            : rows.Rows.Select(row => row.Json);
        await WriteJobs(context, jobs, null);
    }

    private static async Task WriteJobs(HttpContext context, IEnumerable<string> jobs, string[]? warnings)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        var writer = context.Response.BodyWriter;
        void Write(string text) => Encoding.UTF8.GetBytes(text, writer);

        Write("{\"jobs\":[");
        var separator = "";
        foreach (var job in jobs)
        {
            Write(separator);
            Write(job);
            separator = ",";
            if (writer.CanGetUnflushedBytes && writer.UnflushedBytes > 1 << 16)
            {
                await writer.FlushAsync(context.RequestAborted);
            }
        }

        Write("]");
        if (warnings is not null)
        {
            Write(",\"warnings\":[" + string.Join(',', warnings.Select(warning => $"\"{JsonEncodedText.Encode(warning, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"")) + "]");
        }

        Write("}");
        await writer.FlushAsync(context.RequestAborted);
    }
}

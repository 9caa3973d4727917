using System.Text.Json;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;

namespace Qube.Node.Api;

/// <summary>Verbs and modifications. Unknown jobs and things a verb does not apply to are absent from the answer, as in Qube!.</summary>
internal static class ControlEndpoints
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        api.MapPost("/control", (ControlRequest request, HttpContext context) => Control(request, context, farm, options))
            .WithName("control")
            .WithSummary("Applies a verb to jobs, instances or items; answers with what changed.")
            .Produces<AffectedAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
        api.MapPost("/modify", (ModifyRequest request, HttpContext context) => Modify(request, context, farm, options))
            .WithName("modify")
            .WithSummary("Changes attributes of active jobs; answers with the jobs that changed.")
            .Produces<AffectedAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
    }

    private static Task<IResult> Control(ControlRequest request, HttpContext context, FarmRefs farm, ApiOptions options)
    {
        var commands = ControlTargets.Read(request, ApiEndpoints.RequestId(context.Request, request.RequestId));
        return Apply([.. commands.Select(command => ((object)command, command.JobId))], farm, options, context.RequestAborted);
    }

    private static Task<IResult> Modify(ModifyRequest request, HttpContext context, FarmRefs farm, ApiOptions options)
    {
        if (request.Params.ValueKind != JsonValueKind.Object)
        {
            throw new ApiRefusedException("params: expected a dictionary of attributes and their values");
        }

        var requestId = ApiEndpoints.RequestId(context.Request, request.RequestId);
        var commands = TargetId.ParseAll(request.Ids).Select(id => id.Job).Distinct().Select(id => ((object)new JobMessages.ModifyJob
        {
            JobId = new(id),
            RequestId = requestId,
            User = request.User ?? "",
            Params = request.Params.GetRawText(),
        }, new JobId(id)));
        return Apply([.. commands], farm, options, context.RequestAborted);
    }

    private static async Task<IResult> Apply((object Command, JobId Job)[] commands, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var done = new JobMessages.ControlDone[commands.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, commands.Length),
            new ParallelOptions { MaxDegreeOfParallelism = options.AsksAtOnce, CancellationToken = cancel },
            async (at, cancelled) => done[at] = await farm.Jobs.AskFarm<JobMessages.ControlDone>(
                commands[at].Command, $"job {commands[at].Job}", options.AskLimit, cancelled));
        string[] errors = [.. done.Where(one => one.Error.Length > 0).Select(one => one.Error).Distinct(StringComparer.Ordinal)];
        string[] affected = [.. done.SelectMany(one => one.Affected)];
        return errors.Length > 0 && affected.Length == 0
            ? ApiErrors.Refused(string.Join("; ", errors))
            : Results.Json(new AffectedAnswer(affected, errors.Length > 0 ? errors : null), ApiJson.Readable.AffectedAnswer);
    }
}

using System.Text.Json;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Security;

namespace Qube.Node.Api;

/// <summary>Verbs and modifications. Unknown jobs and things a verb does not apply to are absent from the answer, as in Qube!.</summary>
internal static class ControlEndpoints
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        var access = new Access(farm, options);
        api.MapPost("/control", (ControlRequest request, HttpContext context) => Control(request, context, access, farm, options))
            .WithName("control")
            .WithSummary("Applies a verb to jobs, instances or items; answers with what changed.")
            .Produces<AffectedAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
        api.MapPost("/modify", (ModifyRequest request, HttpContext context) => Modify(request, context, access, farm, options))
            .WithName("modify")
            .WithSummary("Changes attributes of active jobs; answers with the jobs that changed.")
            .Produces<AffectedAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> Control(ControlRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.Of(context, request.User);
        var commands = ControlTargets.Read(request with { User = caller.User }, ApiEndpoints.RequestId(context.Request, request.RequestId));
        return await Apply(
            [.. commands.Select(command => ((object)Limited(command, caller.Over(VerbPermissions.Of(command.Verb, request.Verb))), command.JobId))],
            farm,
            options,
            context.RequestAborted);
    }

    /// <summary>The job itself knows whose it is.</summary>
    private static JobMessages.ControlJob Limited(JobMessages.ControlJob command, JobOwners owners) =>
        owners.IsAnybody ? command : command with { IsLimited = true, Owners = [.. owners.Names] };

    private static async Task<IResult> Modify(ModifyRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        if (request.Params.ValueKind != JsonValueKind.Object)
        {
            throw new ApiRefusedException("params: expected a dictionary of attributes and their values");
        }

        var caller = await access.Of(context, request.User);
        var owners = caller.Over(Permissions.Modify);
        var requestId = ApiEndpoints.RequestId(context.Request, request.RequestId);
        var commands = TargetId.ParseAll(request.Ids).Select(id => id.Job).Distinct().Select(id => ((object)new JobMessages.ModifyJob
        {
            JobId = new(id),
            RequestId = requestId,
            User = caller.User,
            Params = request.Params.GetRawText(),
            IsLimited = !owners.IsAnybody,
            Owners = [.. owners.Names],
        }, new JobId(id)));
        return await Apply([.. commands], farm, options, context.RequestAborted);
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
        string[] denied = [.. done.Where(one => one.Denied.Length > 0).Select(one => one.Denied).Distinct(StringComparer.Ordinal)];
        return errors.Length > 0 && affected.Length == 0
            ? ApiErrors.Refused(string.Join("; ", errors))
            : Results.Json(
                new AffectedAnswer(affected, errors.Length > 0 ? errors : null, denied.Length > 0 ? denied : null), ApiJson.Readable.AffectedAnswer);
    }
}

using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Domain.Security;

namespace Qube.Node.Api;

/// <summary>User-defined events: <c>qb.trigger</c> and <c>qube trigger</c>.</summary>
internal static class TriggerEndpoint
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        var events = new EventService(farm, options.AskLimit);
        var access = new Access(farm, options);
        api.MapPost("/trigger", (TriggerRequest request, HttpContext context) => Trigger(request, access, events, context))
            .WithName("trigger")
            .WithSummary("Raises a user-defined event such as approved-job-12; answered once it is on file.")
            .Produces<TriggerAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> Trigger(TriggerRequest request, Access access, EventService events, HttpContext context)
    {
        var text = request.Event?.Trim() ?? "";
        if (text.Length == 0)
        {
            throw new ApiRefusedException("event: name the event, such as approved-job-12");
        }

        var caller = await access.Of(context, request.User);
        var (refused, denied) = await events.Raise(
            text,
            ApiEndpoints.RequestId(context.Request, request.RequestId),
            new EventRaiser(caller.User, caller.Over(Permissions.Modify), caller.Has(Permissions.SubmitCallback), caller.Has(Permissions.LockHost)),
            ApiEndpoints.FiringOwner(context.Request),
            context.RequestAborted);
        return denied ? throw new ApiDeniedException(refused!) : refused is null ? Results.Json(new TriggerAnswer(text), ApiJson.Readable.TriggerAnswer) : throw new ApiRefusedException(refused);
    }
}

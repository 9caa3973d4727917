using System.Globalization;
using System.Text.Json;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Security;
using Qube.Domain.Submissions;

namespace Qube.Node.Api;

/// <summary>Callbacks that belong to no job (spec/callbacks.md §15): submission, list, removal.</summary>
internal static class GlobalCallbackEndpoints
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        var access = new Access(farm, options);
        api.MapPost("/callbacks", (GlobalCallbacksRequest request, HttpContext context) => Submit(request, context, access, farm, options))
            .WithName("submitCallbacks")
            .WithSummary("Submits global callbacks; answers with those accepted, none where the user may not.")
            .Produces<GlobalCallbacksAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
        api.MapGet("/callbacks", (CancellationToken cancel) => List(farm, options, cancel))
            .WithName("listCallbacks")
            .WithSummary("The global callbacks with what they have fired.")
            .Produces<GlobalCallbacksAnswer>();
        api.MapPost("/callbacks/remove", (RemoveGlobalsRequest request, HttpContext context) => Remove(request, context, access, farm, options))
            .WithName("removeCallbacks")
            .WithSummary("Removes global callbacks by id; answers with those removed.")
            .Produces<AffectedAnswer>();
    }

    private static async Task<IResult> Submit(GlobalCallbacksRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.Of(context, request.User);
        var drafts = request.Callbacks ?? [];
        var decided = new List<CallbackSpec>();
        foreach (var draft in drafts)
        {
            var (callback, error) = GlobalCallbacks.Decide(draft, caller.User, options.Submissions.EnabledLanguages);
            if (callback is null)
            {
                return ApiErrors.Refused(error!.Message, error.Job, error.Field, error.Column);
            }

            decided.Add(callback);
        }

        foreach (var owner in decided.Select(callback => callback.User).Distinct(StringComparer.Ordinal))
        {
            // A script has the permissions of its callback's user.
            await access.InNameOf(context, owner);
        }

        if (!caller.Has(Permissions.SubmitGlobalCallback))
        {
            return Results.Json(new GlobalCallbacksAnswer([]), ApiJson.Readable.GlobalCallbacksAnswer);
        }

        var requestId = ApiEndpoints.RequestId(context.Request, request.RequestId);
        var ids = new List<int>();
        foreach (var callback in decided)
        {
            var added = await farm.Farm.AskFarm<EventMessages.GlobalAdded>(
                new EventMessages.AddGlobal { RequestId = string.Create(CultureInfo.InvariantCulture, $"{requestId}/{ids.Count}"), Callback = callback },
                "the farm",
                options.AskLimit,
                context.RequestAborted);
            ids.Add(added.Callback.Id);
        }

        return await Answer(ids, farm, options, context.RequestAborted);
    }

    private static async Task<IResult> List(FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var known = await farm.Farm.AskFarm<EventMessages.GlobalIds>(new EventMessages.GetGlobals(), "the farm", options.AskLimit, cancel);
        return await Answer(known.Ids, farm, options, cancel);
    }

    private static async Task<IResult> Answer(IEnumerable<int> ids, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var callbacks = new List<JsonElement>();
        foreach (var id in ids)
        {
            var reply = await farm.Farm.AskFarm<JobMessages.JobReply>(new EventMessages.GetGlobal { Id = id }, $"global callback {id}", options.AskLimit, cancel);
            if (reply.Exists)
            {
                using var json = JsonDocument.Parse(reply.Json);
                callbacks.AddRange(json.RootElement.GetProperty("callbacks").EnumerateArray().Select(one => one.Clone()));
            }
        }

        return Results.Json(new GlobalCallbacksAnswer([.. callbacks]), ApiJson.Readable.GlobalCallbacksAnswer);
    }

    private static async Task<IResult> Remove(RemoveGlobalsRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.Of(context, request.User);
        var removed = caller.Has(Permissions.SubmitGlobalCallback)
            ? await farm.Farm.AskFarm<EventMessages.GlobalIds>(
                new EventMessages.RemoveGlobals { Ids = request.Ids ?? [], User = caller.User }, "the farm", options.AskLimit, context.RequestAborted)
            : new EventMessages.GlobalIds();
        return Results.Json(
            new AffectedAnswer([.. removed.Ids.Select(id => id.ToString(CultureInfo.InvariantCulture))], null), ApiJson.Readable.AffectedAnswer);
    }
}

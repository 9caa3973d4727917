using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Security;

namespace Qube.Node.Api;

/// <summary>Users and what they may do (spec/scheduling.md §13): <c>qb.getusers</c>, <c>qb.setusers</c>, <c>qbusers</c>.</summary>
internal static class UserEndpoints
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        var access = new Access(farm, options);
        api.MapGet("/users", (CancellationToken cancel) => List(farm, options, cancel))
            .WithName("users")
            .WithSummary("Users of whom somebody has said what they may do, and what all others may.")
            .Produces<UsersAnswer>();
        api.MapPost("/users", (UserEditRequest request, HttpContext context) => Edit(request, context, access, farm, options))
            .WithName("setUser")
            .WithSummary("Changes what a user may do: action add, delete, set or drop; with a group, in that group. Needs admin.")
            .Produces<UsersAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> Edit(UserEditRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.With(context, request.User, Permissions.Admin, "change what users may do");
        var done = await farm.Farm.AskFarm<UserMessages.UserEdited>(
            new UserMessages.EditUser
            {
                Name = request.Name ?? "",
                Action = Action(request.Action),
                Permissions = (int)Mask(request.Permissions),
                Group = request.Group ?? "",
                User = caller.User,
                RequestId = ApiEndpoints.RequestId(context.Request, request.RequestId),
            },
            "the farm",
            options.AskLimit,
            context.RequestAborted);
        return done.Error.Length > 0 ? ApiErrors.Refused(done.Error) : await List(farm, options, context.RequestAborted);
    }

    private static UserAction Action(string? word) => word?.Trim().ToLowerInvariant() switch
    {
        "add" => UserAction.Add,
        "delete" or "remove" => UserAction.Delete,
        "set" => UserAction.Set,
        "drop" => UserAction.Drop,
        _ => throw new ApiRefusedException($"action: '{word}' is none; there are add, delete (or remove), set and drop"),
    };

    private static Permissions Mask(string[]? names) => (names ?? []).Aggregate(Permissions.None, (mask, name) => mask
        | (PermissionNames.Parse(name) ?? throw new ApiRefusedException($"permissions: '{name}' is none; there are {string.Join(", ", PermissionNames.All.Select(one => one.Name))} and all")));

    private static async Task<IResult> List(FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var users = new List<UserAnswer>();
        var after = "";
        do
        {
            var page = await farm.Farm.AskFarm<UserMessages.Users>(new UserMessages.GetUsers { After = after }, "the farm", options.AskLimit, cancel);
            users.AddRange(page.Items.Select(Answer));
            after = page.Next;
        }
        while (after.Length > 0);
        return Results.Json(
            new UsersAnswer(users, Answer(new UserEntry { Mask = (int)PermissionSets.Default }), UserRights.BornAdministrators), ApiJson.Readable.UsersAnswer);
    }

    private static UserAnswer Answer(UserEntry entry) => new(
        entry.Name, entry.Mask, PermissionNames.Of((Permissions)entry.Mask), entry.Group, entry.GroupMask, PermissionNames.Of((Permissions)entry.GroupMask));
}

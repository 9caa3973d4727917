using System.Reflection;
using System.Runtime.InteropServices;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Security;

namespace Qube.Node.Api;

/// <summary>The farm itself: is it there, what time is it, is it ready.</summary>
internal static class FarmEndpoints
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(3);

    public static void Map(WebApplication app, RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        var access = new Access(farm, options);
        api.MapGet("/ping", (HttpContext context, CancellationToken cancel) => Ping(context, farm, options, cancel))
            .WithName("ping")
            .WithSummary("Who answers, and how many of the farm's slots run something.")
            .Produces<PingAnswer>();
        api.MapGet("/time", () => Results.Json(new TimeAnswer(options.Time.GetUtcNow().ToUnixTimeSeconds()), ApiJson.Readable.TimeAnswer))
            .WithName("time")
            .WithSummary("The supervisor's clock in Unix seconds.")
            .Produces<TimeAnswer>();
        api.MapGet("/modes", async (CancellationToken cancel) => Modes(await Modes(farm, options, cancel)))
            .WithName("modes")
            .WithSummary("The supervisor's modes that are set.")
            .Produces<ModesAnswer>();
        api.MapPost("/modes", (ModesRequest request, HttpContext context) => SetModes(request, context, access, farm, options))
            .WithName("setModes")
            .WithSummary("Sets and takes back modes of the supervisor: reject_submit, stop_activity. They outlive a restart.")
            .Produces<ModesAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
        app.MapGet("/healthz/live", () => Results.Text("alive")).ExcludeFromDescription();
        app.MapGet("/healthz/ready", (CancellationToken cancel) => Ready(farm, options, cancel)).ExcludeFromDescription();
    }

    private static async Task<IResult> Ping(HttpContext context, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var hosts = await HostEndpoints.All(farm, false, options.AskLimit, cancel);
        var version = typeof(FarmEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        var local = context.Connection.LocalIpAddress;
        return Results.Json(
            new PingAnswer(
                options.Name,
                local is null ? "" : local.IsIPv4MappedToIPv6 ? local.MapToIPv4().ToString() : local.ToString(),
                plus < 0 ? version : version[..plus],
                plus < 0 ? "" : version[(plus + 1)..],
                RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? "linux" : RuntimeInformation.OSDescription,
                await Modes(farm, options, cancel) is { Length: > 0 } modes ? string.Join(',', modes) : "0",
                "active",
                hosts.Sum(host => host.SlotsUsed),
                hosts.Sum(host => host.Attach.Slots)),
            ApiJson.Readable.PingAnswer);
    }

    private static async Task<string[]> Modes(FarmRefs farm, ApiOptions options, CancellationToken cancel) =>
        (await farm.Farm.AskFarm<FarmMessages.LastId>(new FarmMessages.GetLastId(), "the farm", options.AskLimit, cancel)).Modes;

    private static IResult Modes(string[] modes) => Results.Json(new ModesAnswer(modes), ApiJson.Readable.ModesAnswer);

    private static async Task<IResult> SetModes(ModesRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.With(context, request.User, Permissions.Admin, "set modes of the supervisor");
        string[] set = request.Set ?? [], unset = request.Unset ?? [];
        if (set.Concat(unset).FirstOrDefault(mode => !FarmModes.All.Contains(mode)) is { } unknown)
        {
            throw new ApiRefusedException($"'{unknown}' is no mode; there are {string.Join(" and ", FarmModes.All)}");
        }

        if (set.Intersect(unset).FirstOrDefault() is { } both)
        {
            throw new ApiRefusedException($"'{both}' cannot be set and taken back at once");
        }

        var done = await farm.Farm.AskFarm<FarmMessages.ModesSet>(
            new FarmMessages.SetModes { Add = set, Remove = unset, User = caller.User, RequestId = ApiEndpoints.RequestId(context.Request, request.RequestId) },
            "the farm",
            options.AskLimit,
            context.RequestAborted);
        return Modes(done.Modes);
    }

    /// <summary>Ready is what a submission needs first: the farm's singleton, recovered.</summary>
    private static async Task<IResult> Ready(FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        await farm.Farm.AskFarm<FarmMessages.LastId>(new FarmMessages.GetLastId(), "the farm", TimeSpan.FromTicks(Math.Min(ReadyLimit.Ticks, options.AskLimit.Ticks)), cancel);
        return Results.Text("ready");
    }
}

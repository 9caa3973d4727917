using System.Globalization;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Placement;
using Qube.Domain.Security;
using Qube.Domain.Submissions;

namespace Qube.Node.Api;

/// <summary>Resources of the farm and of hosts, and what the supervisor is configured with.</summary>
internal static class ResourceEndpoints
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        var access = new Access(farm, options);
        api.MapGet("/resources", (CancellationToken cancel) => Resources(farm, options, cancel))
            .WithName("resources")
            .WithSummary("Farm-wide resources, name: [used, total].")
            .Produces<ResourcesAnswer>();
        api.MapPost("/resources", (ResourcesRequest request, HttpContext context) => Set(request, context, access, farm, options))
            .WithName("setResources")
            .WithSummary("Sets farm-wide resources: name: [used, total], used being all that is out, the farm's own included.")
            .Produces<ResourcesAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
        api.MapPost("/hosts/vars", (HostVarsRequest request, HttpContext context) => SetVars(request, context, access, farm, options))
            .WithName("setHostVars")
            .WithSummary("Sets resources and properties of hosts beside their own (host.x=2/5,host.p=v; host.x= takes back); answers with the hosts known.")
            .Produces<HostLockAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
        api.MapGet("/config", () => Results.Json(new ConfigAnswer(Config(options)), ApiJson.Readable.ConfigAnswer))
            .WithName("config")
            .WithSummary("The supervisor's settings in force, under the keys of qb.conf.")
            .Produces<ConfigAnswer>();
    }

    private static async Task<IResult> Resources(FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var usage = await Usage(farm, options, cancel);
        return Results.Json(
            new ResourcesAnswer(usage.Items.ToDictionary(item => item.Name, item => new[] { item.Used, item.Total }, StringComparer.Ordinal)),
            ApiJson.Readable.ResourcesAnswer);
    }

    private static async Task<DispatchMessages.GlobalUsage> Usage(FarmRefs farm, ApiOptions options, CancellationToken cancel) =>
        await farm.Dispatcher.AskFarm<DispatchMessages.GlobalUsage>(new DispatchMessages.GetGlobalUsage(), "the dispatcher", options.AskLimit, cancel);

    private static async Task<IResult> Set(ResourcesRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.With(context, request.User, Permissions.Admin, "set the farm's resources");
        var held = (await Usage(farm, options, context.RequestAborted)).Items.ToDictionary(item => item.Name, item => item.Held, StringComparer.Ordinal);
        var items = (request.Resources ?? []).Select(entry => Total(entry.Key, entry.Value, held.GetValueOrDefault(entry.Key))).ToArray();
        var set = new FarmMessages.SetResources { Items = items, User = caller.User, RequestId = ApiEndpoints.RequestId(context.Request, request.RequestId) };
        if (items.Length > 0)
        {
            await farm.Farm.AskFarm<FarmMessages.ResourcesSet>(set, "the farm", options.AskLimit, context.RequestAborted);
        }

        return Results.Json(
            new ResourcesAnswer(items.ToDictionary(item => item.Name, item => new[] { item.UsedOutside, item.Total }, StringComparer.Ordinal)),
            ApiJson.Readable.ResourcesAnswer);
    }

    /// <summary>All of it may be the farm's: no quota is configured beside what the update says.</summary>
    private static FarmMessages.ResourceTotal Total(string name, int[]? counts, int held)
    {
        if (counts is not [var used, var total] || used < 0 || total < 0)
        {
            throw new ApiRefusedException($"resources: '{name}' needs [used, total], two numbers of at least 0");
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || name[..dot] is not ("license" or "global" or "license_host" or "global_host" or "scoped") || dot == name.Length - 1)
        {
            throw new ApiRefusedException($"resources: '{name}' is no resource of the farm; they look like license.maya or global.x");
        }

        var resource = GlobalResource.License(name, total, total, used, held);
        return new() { Name = name, Total = resource.Total, UsedOutside = resource.UsedOutside };
    }

    private static async Task<IResult> SetVars(HostVarsRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.With(context, request.User, Permissions.Admin, "set what hosts have");
        var requestId = ApiEndpoints.RequestId(context.Request, request.RequestId);
        var known = (await HostEndpoints.All(farm, false, options.AskLimit, context.RequestAborted)).Select(host => host.Attach.Host);
        return await HostEndpoints.TellEach(
            known.Where(host => request.Names?.Contains(host, StringComparer.OrdinalIgnoreCase) == true),
            async host =>
            {
                var set = new HostMessages.SetHostVars
                {
                    Host = host,
                    Resources = request.Resources ?? "",
                    Properties = request.Properties ?? "",
                    User = caller.User,
                    RequestId = requestId,
                };
                return (await farm.Hosts.AskFarm<HostMessages.HostVarsSet>(set, $"host {host}", options.AskLimit, context.RequestAborted)).Error;
            });
    }

    private static Dictionary<string, string> Config(ApiOptions options)
    {
        var defaults = options.Submissions.Defaults;
        return new(StringComparer.Ordinal)
        {
            ["supervisor_address"] = options.Address.ToString(),
            ["supervisor_port"] = Text(options.Port),
            ["supervisor_logpath"] = options.LogPath,
            ["supervisor_default_cluster"] = defaults.Cluster,
            ["supervisor_default_priority"] = Text(defaults.Priority),
            ["supervisor_highest_user_priority"] = Text(defaults.BestPriority),
            ["supervisor_max_priority"] = Text(defaults.WorstPriority),
            ["supervisor_default_hostorder"] = defaults.HostOrder,
            ["supervisor_job_flags"] = JobFlagNames.Text(defaults.JobFlags),
            ["supervisor_language_flags"] = string.Join(',', options.Submissions.EnabledLanguages.Order(StringComparer.Ordinal)),
            ["client_job_flags"] = JobFlagNames.Text(defaults.ClientFlags),
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Security;

namespace Qube.Node.Api;

/// <summary>Render hosts: what the dispatcher knows of them, and their locks.</summary>
internal static class HostEndpoints
{
    /// <summary>More than anyone reads; the message that carries them stays small (design §8).</summary>
    private const int MostOrdered = 1000;

    private static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(1);

    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        var access = new Access(farm, options);
        api.MapPost("/hosts/query", (HostQueryRequest request, HttpContext context) => Query(request, farm, options, context.RequestAborted))
            .WithName("queryHosts")
            .WithSummary("Hosts by name, state and any other property.")
            .Produces<HostsAnswer>();
        api.MapPost("/hosts/lock", (HostLockRequest request, HttpContext context) => Lock(request, context, access, farm, options))
            .WithName("lockHosts")
            .WithSummary("Locks or opens slots of hosts; answers with the hosts known.")
            .Produces<HostLockAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
        api.MapGet("/hosts/{host}/joborder", (string host, CancellationToken cancel) => JobOrder(host, farm, options, cancel))
            .WithName("jobOrder")
            .WithSummary("Ids of the jobs that run on a host or could be started there once it has room, in the order in which it would take them.")
            .Produces<JobOrderAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status404NotFound);
    }

    /// <summary>All hosts, page by page.</summary>
    public static async Task<List<HostMessages.HostView>> All(FarmRefs farm, bool subjobs, TimeSpan limit, CancellationToken cancel)
    {
        var hosts = new List<HostMessages.HostView>();
        var after = "";
        do
        {
            var page = await farm.Dispatcher.AskFarm<HostMessages.Hosts>(
                new HostMessages.GetHosts { Subjobs = subjobs, After = after }, "the dispatcher", limit, cancel);
            hosts.AddRange(page.Items);
            after = page.Next;
        }
        while (after.Length > 0);
        return hosts;
    }

    private static async Task<IResult> Query(HostQueryRequest request, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var filters = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in request.Filters ?? [])
        {
            AddFilter(filters, name, value);
        }

        AddFilter(filters, "name", request.Name);
        AddFilter(filters, "state", request.State);
        var wantsSubjobs = request.Subjobs == true;
        var hosts = await All(farm, wantsSubjobs, options.AskLimit, cancel);
        HostEntry[] found = [.. hosts.Select(host => Entry(host, wantsSubjobs)).Where(host => Passes(host, filters))];
        return Results.Json(new HostsAnswer(found), ApiJson.Readable.HostsAnswer);
    }

    private static async Task<IResult> JobOrder(string host, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var order = await farm.Dispatcher.AskFarm<DispatchMessages.HostJobs>(
            new DispatchMessages.GetHostJobs { Host = host, Limit = MostOrdered }, "the dispatcher", options.AskLimit, cancel);
        return order.IsKnown ? Results.Json(new JobOrderAnswer(order.JobIds), ApiJson.Readable.JobOrderAnswer) : ApiErrors.NotFound($"there is no host '{host}'");
    }

    private static async Task<IResult> Lock(HostLockRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.With(context, request.User, Permissions.LockHost, "lock hosts");
        var (requestId, cancel) = (ApiEndpoints.RequestId(context.Request, request.RequestId), context.RequestAborted);
        var locks = request.Locks ?? (request.Lock == true ? "host.processor_all=1" : "");
        if (request.Locks is null && request.Lock is null)
        {
            throw new ApiRefusedException("say lock: true or false, or locks: a lock string such as host.processor_0=1");
        }

        if (request.Purge == true && locks.Length > 0)
        {
            locks += ",host.lock_mode=aggressive";
        }

        var known = (await All(farm, false, options.AskLimit, cancel)).Select(host => host.Attach.Host).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = (request.Names ?? []).Where(known.Contains).Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(name => known.First(one => one.Equals(name, StringComparison.OrdinalIgnoreCase)));
        return await TellEach(named, async host => (await farm.Hosts.AskFarm<HostMessages.HostLocked>(
            new HostMessages.LockHost { Host = host, Locks = locks, User = caller.User, RequestId = requestId }, $"host {host}", options.AskLimit, cancel)).Error);
    }

    /// <summary>Host by host; answers with those told.</summary>
    /// <param name="hosts">Known ones.</param>
    /// <param name="tell">Answers with what is wrong, or empty.</param>
    /// <exception cref="ApiRefusedException">One has refused it.</exception>
    internal static async Task<IResult> TellEach(IEnumerable<string> hosts, Func<string, Task<string>> tell)
    {
        var told = new List<string>();
        foreach (var host in hosts)
        {
            var error = await tell(host);
            if (error.Length > 0)
            {
                throw new ApiRefusedException(error);
            }

            told.Add(host);
        }

        return Results.Json(new HostLockAnswer([.. told]), ApiJson.Readable.HostLockAnswer);
    }

    internal static HostEntry Entry(HostMessages.HostView host, bool subjobs) => new(
        host.Attach.Host,
        host.Attach.MacAddress,
        host.Attach.Address,
        host.State,
        host.Attach.Cluster,
        host.Attach.Groups,
        host.Resources,
        host.Attach.Properties,
        host.Attach.Restrictions,
        "",
        host.Locks,
        string.Join(',', host.Attach.Jobtypes),
        host.Attach.Description,
        host.LastSeenMs / 1000,
        host.Attach.Slots,
        host.SlotsUsed,
        subjobs ? [.. host.Instances.Select(Instance)] : null);

    private static HostInstance Instance(string id)
    {
        var target = TargetId.Parse(id);
        return new(target.Job, target.Instance ?? 0);
    }

    private static void AddFilter(Dictionary<string, string[]> filters, string name, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return;
        }

        string[] patterns = value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(one => JobQueryReader.Pattern(name, one))]
            : [JobQueryReader.Pattern(name, value)];
        if (patterns.Length > 0)
        {
            filters[name] = patterns;
        }
    }

    private static bool Passes(HostEntry host, Dictionary<string, string[]> filters) => filters.All(filter =>
    {
        var values = filter.Key.ToLowerInvariant() switch
        {
            "name" => [host.Name],
            "state" => [host.State],
            "address" => [host.Address],
            "macaddress" => [host.Macaddress],
            "cluster" => [host.Cluster],
            "groups" or "group" => host.Groups.Split(',', StringSplitOptions.TrimEntries).Append(host.Groups).ToArray(),
            "restrictions" => [host.Restrictions],
            "description" => [host.Description],
            "jobtypes" => host.Jobtypes.Split(',', StringSplitOptions.TrimEntries),
            "locks" => [host.Locks],
            "resources" => [host.Resources],
            "properties" => [host.Properties],
            "slots" => new[] { host.Slots.ToString(CultureInfo.InvariantCulture) },
            _ => throw new ApiRefusedException($"hosts have no '{filter.Key}' to filter by"),
        };
        return filter.Value.Any(pattern => values.Any(value => Matches(pattern, value)));
    });

    /// <summary><c>~regex</c>, <c>*</c> or <c>%</c> as a wildcard, else the exact value (spec/cli.md).</summary>
    internal static bool Matches(string pattern, string value)
    {
        try
        {
            if (pattern.StartsWith('~'))
            {
                return Regex.IsMatch(value, pattern[1..], RegexOptions.CultureInvariant, PatternLimit);
            }

            return pattern.AsSpan().ContainsAny('*', '%')
                ? Regex.IsMatch(
                    value,
                    "^" + Regex.Escape(pattern.Replace('%', '*')).Replace("\\*", ".*", StringComparison.Ordinal) + "$",
                    RegexOptions.CultureInvariant | RegexOptions.Singleline,
                    PatternLimit)
                : value.Equals(pattern, StringComparison.OrdinalIgnoreCase);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ApiRefusedException($"'{pattern}' takes too long to match");
        }
        catch (ArgumentException wrong)
        {
            throw new ApiRefusedException($"'{pattern}' is no regular expression: {wrong.Message}");
        }
    }
}

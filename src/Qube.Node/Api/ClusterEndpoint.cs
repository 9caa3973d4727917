using System.Globalization;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Qube.Actors;

namespace Qube.Node.Api;

/// <summary>The farm's supervisors as the one that is asked sees them, and what lives on it.</summary>
internal static class ClusterEndpoint
{
    private static readonly TimeSpan RegionLimit = TimeSpan.FromSeconds(5);

    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options) =>
        api.MapGet("/cluster", async () => Results.Json(await Seen(farm, options), ApiJson.Readable.ClusterAnswer))
            .WithName("cluster")
            .WithSummary("The supervisors as this one sees them: who leads, who holds the singletons (dispatcher and farm), who does not answer, and which jobs live here.")
            .Produces<ClusterAnswer>();

    private static async Task<ClusterAnswer> Seen(FarmRefs farm, ApiOptions options)
    {
        var cluster = Cluster.Get(options.System);
        var state = cluster.State;
        var oldest = state.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving).Aggregate((Member?)null, (old, member) => old is null || member.IsOlderThan(old) ? member : old);
        var region = await farm.Jobs.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, RegionLimit);
        return new ClusterAnswer(
            options.Name,
            Text(cluster.SelfAddress),
            Text(state.Leader),
            Text(oldest?.Address),
            [.. state.Members.Select(member => new ClusterMember(Text(member.Address), member.Status.ToString().ToLowerInvariant(), !state.Unreachable.Contains(member)))],
            [.. region.Shards.SelectMany(shard => shard.EntityIds).Select(id => long.Parse(id, CultureInfo.InvariantCulture)).Order()]);
    }

    private static string Text(Address? address) => address is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}");
}

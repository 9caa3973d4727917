using System.Collections.Immutable;
using Qube.Actors.Hosts;
using Qube.Contracts;
using Qube.Domain.Expressions;
using Qube.Domain.Placement;

namespace Qube.Actors.Dispatch;

/// <summary>A render host as the dispatcher knows it: what it said of itself, when it was last heard, and its locks.</summary>
internal sealed class DispatchHost
{
    public WorkerMessages.Attach Facts { get; set; } = new();

    public long LastSeenMs { get; set; }

    public bool IsUp { get; set; }

    /// <summary>Null until its entity has told them: until then nothing is granted there.</summary>
    public HostLockString? Locks { get; set; }

    /// <summary>Locked slots as last told to the board.</summary>
    public int LockedSlots { get; set; }

    /// <summary>Resources set on it beside its own, as its entity told them; likewise <see cref="SetProperties"/>.</summary>
    public string SetResources { get; set; } = "";

    public string SetProperties { get; set; } = "";

    public string Name => Facts.Host;

    /// <summary>Its own with those that were set over them.</summary>
    public string Properties => SetProperties.Length == 0 ? Facts.Properties : HostSettings.Merge(Facts.Properties, SetProperties);

    /// <summary><c>active</c> or <c>down</c> (spec/scheduling.md §2.1).</summary>
    public string State => IsUp ? "active" : "down";

    public int LockedAt(DateTimeOffset now) => Locks?.LockedSlots(Facts.Slots, now) ?? Facts.Slots;

    /// <summary>The host for placement. What it says wrongly of itself (a restriction that cannot be read) restricts it to nothing.</summary>
    public PlacementHost ToPlacement() => new()
    {
        Name = Name,
        IsUp = IsUp && Locks is not null,
        State = IsUp && Locks is null ? "registering" : State,
        LockedSlots = LockedSlots,
        Resources = Resources(),
        Properties = HostSettings.Read(Properties).ToImmutableDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal),
        Groups = [.. Words(Facts.Groups)],
        Cluster = Facts.Cluster.Length == 0 ? "/" : Facts.Cluster,
        Restrictions = ClusterExpression.Parse(Facts.Restrictions).Value ?? ClusterExpression.Any,
        JobTypes = [.. Facts.Jobtypes],
    };

    internal static IEnumerable<string> Words(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private ImmutableDictionary<string, HostResource> Resources()
    {
        var resources = ImmutableDictionary.CreateBuilder<string, HostResource>(StringComparer.Ordinal);
        foreach (var (name, value) in HostSettings.Read($"{Facts.Resources},{SetResources}"))
        {
            if (HostSettings.Resource(value) is { } resource)
            {
                resources[name] = resource;
            }
        }

        resources[Reservations.Processors] = new HostResource(0, Facts.Slots);
        resources["host.memory"] = new HostResource(0, Facts.MemoryMegabytes);
        return resources.ToImmutable();
    }
}

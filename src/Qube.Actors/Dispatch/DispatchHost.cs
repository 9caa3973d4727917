using System.Collections.Immutable;
using System.Globalization;
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

    public string Name => Facts.Host;

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
        Properties = Pairs(Facts.Properties).ToImmutableDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
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
        foreach (var (name, value) in Pairs(Facts.Resources))
        {
            if (int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var total))
            {
                resources[name] = new HostResource(0, total);
            }
        }

        resources[Reservations.Processors] = new HostResource(0, Facts.Slots);
        resources["host.memory"] = new HostResource(0, Facts.MemoryMegabytes);
        return resources.ToImmutable();
    }

    private static IEnumerable<(string Name, string Value)> Pairs(string list)
    {
        foreach (var word in Words(list))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                yield return (word[..equals].TrimEnd(), word[(equals + 1)..].TrimStart());
            }
        }
    }
}

namespace Qube.Domain.Placement;

/// <summary>Hosts in the order of their names.</summary>
internal sealed class HostList
{
    private static readonly Comparer<HostState> _byName =
        Comparer<HostState>.Create(static (left, right) => string.CompareOrdinal(left.Name, right.Name));

    private readonly List<HostState> _hosts = [];

    public IReadOnlyList<HostState> All => _hosts;

    /// <summary>Puts a host in or takes it out; nothing when that is how it is.</summary>
    public void Set(HostState host, bool isIn)
    {
        int at = _hosts.BinarySearch(host, _byName);
        if (isIn && at < 0)
        {
            _hosts.Insert(~at, host);
        }
        else if (!isIn && at >= 0)
        {
            _hosts.RemoveAt(at);
        }
    }

    public static List<HostState> Sorted(IEnumerable<HostState> hosts)
    {
        List<HostState> sorted = [.. hosts];
        sorted.Sort(_byName);
        return sorted;
    }
}

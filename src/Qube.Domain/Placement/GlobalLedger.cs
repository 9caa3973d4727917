namespace Qube.Domain.Placement;

/// <summary>The farm-wide resources with what the farm's instances hold of them.</summary>
internal sealed class GlobalLedger
{
    private readonly Dictionary<string, GlobalResource> _resources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _heldByFarm = new(StringComparer.Ordinal);

    public void Set(GlobalResource resource) => _resources[resource.Name] = resource;

    public void Remove(string name) => _resources.Remove(name);

    public bool IsKnown(string name) => _resources.ContainsKey(name);

    public int Total(string name) => _resources.TryGetValue(name, out GlobalResource? resource) ? resource.Total : 0;

    public int HeldByFarm(string name) => _heldByFarm.GetValueOrDefault(name);

    public int Used(string name) => HeldByFarm(name) + (_resources.TryGetValue(name, out GlobalResource? resource) ? resource.UsedOutside : 0);

    public int Free(string name) => Total(name) - Used(name);

    public void Take(string name, int amount)
    {
        int held = Math.Max(0, HeldByFarm(name) + amount);
        if (held == 0)
        {
            _heldByFarm.Remove(name);
        }
        else
        {
            _heldByFarm[name] = held;
        }
    }
}

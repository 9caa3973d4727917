namespace Qube.Domain.Placement;

/// <summary>A resource of the whole farm (scheduling.md §6): <c>global.x</c>, <c>license.x</c>, <c>global_host.x</c>, <c>license_host.x</c>, <c>scoped.x</c>.</summary>
/// <param name="Name">With its prefix.</param>
/// <param name="Total">How many the farm may use.</param>
/// <param name="UsedOutside">How many of those are taken by others than the farm's instances.</param>
public sealed record GlobalResource(string Name, int Total, int UsedOutside)
{
    /// <summary>
    /// A licence after an update by <c>qbupdateresource</c>. Use from outside the farm first eats what the farm was never allowed:
    /// only what goes beyond counts against it.
    /// </summary>
    /// <param name="name">With its prefix.</param>
    /// <param name="farmAllowance">Q: how many the farm may use.</param>
    /// <param name="total">T: how many the licence server has.</param>
    /// <param name="used">U: how many are out, the farm's included.</param>
    /// <param name="usedByFarm">F: how many the farm's instances hold.</param>
    public static GlobalResource License(string name, int farmAllowance, int total, int used, int usedByFarm)
    {
        int outsideUse = used - usedByFarm;
        int outsideAllowance = total - farmAllowance;
        return new GlobalResource(name, farmAllowance, Math.Max(0, outsideUse - outsideAllowance));
    }

    /// <summary>A licence of which nothing has been heard yet: as good as used up.</summary>
    public static GlobalResource UnknownLicense(string name, int farmAllowance) => new(name, farmAllowance, farmAllowance);
}

namespace Qube.Actors.Dispatch;

/// <content>How many of what there are.</content>
internal sealed partial class DispatchBoard
{
    public DispatchCounts Count()
    {
        int active = 0, used = 0, locked = 0, free = 0;
        foreach (var host in hosts.Values.Where(host => host.IsUp))
        {
            var busy = SlotsUsed(host);
            active++;
            used += busy;
            locked += host.LockedSlots;

            // What runs on a slot when it is locked goes on there.
            free += Math.Max(0, host.Facts.Slots - host.LockedSlots - busy);
        }

        return new DispatchCounts(active, hosts.Count - active, used, locked, free, waiting.Sum(id => placement.WantedOf(id)));
    }
}

namespace Qube.Actors.Dispatch;

/// <summary>The farm as the dispatcher counts it, for <c>/metrics</c>. Slots are those of hosts that are up.</summary>
internal readonly record struct DispatchCounts(int HostsActive, int HostsDown, int SlotsUsed, int SlotsLocked, int SlotsFree, int InstancesWaiting);

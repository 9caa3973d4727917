using Qube.Contracts;
using Qube.Domain.Placement;

namespace Qube.Actors.Dispatch;

/// <content>Farm-wide resources (spec/scheduling.md §6): the farm's log says how many there are, the board who holds them.</content>
internal sealed partial class DispatchBoard
{
    private const string Stopped = "the supervisor's mode is " + FarmModes.StopActivity + ": nothing is started until an administrator takes it back";

    private readonly SortedSet<string> globals = new(StringComparer.Ordinal);
    private bool isStopped;

    public void OnGlobals(DispatchMessages.GlobalResources told)
    {
        isStopped = told.IsStopped;
        foreach (var gone in globals.Except(told.Items.Select(item => item.Name)).ToArray())
        {
            globals.Remove(gone);
            placement.RemoveGlobal(gone);
        }

        foreach (var item in told.Items)
        {
            globals.Add(item.Name);
            placement.SetGlobal(new GlobalResource(item.Name, item.Total, item.UsedOutside));
        }
    }

    public DispatchMessages.GlobalUsage GlobalUsage() => new()
    {
        Items =
        [
            .. globals.Select(name => (Name: name, Usage: placement.GlobalUsage(name))).Select(entry => new DispatchMessages.ResourceUsage
            {
                Name = entry.Name,
                Used = entry.Usage.Used,
                Total = entry.Usage.Total,
                Held = placement.HeldByFarm(entry.Name),
            }),
        ],
    };
}

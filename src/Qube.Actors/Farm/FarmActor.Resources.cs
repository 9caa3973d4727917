using Akka.Actor;
using Qube.Contracts;

namespace Qube.Actors.Farm;

/// <content>Farm-wide resources (spec/scheduling.md §6) and the supervisor's modes: kept here, told to the dispatcher whenever they change or it starts.</content>
public sealed partial class FarmActor
{
    private readonly SortedDictionary<string, FarmMessages.ResourceTotal> resources = new(StringComparer.Ordinal);
    private readonly SortedSet<string> modes = new(StringComparer.Ordinal);
    private readonly RequestIds resourceRequests = new(1000);

    private bool resourcesToTell;

    private void Set(FarmMessages.SetResources command)
    {
        var asker = Sender;
        if (command.RequestId.Length > 0 && !resourceRequests.Add(command.RequestId))
        {
            // Behind the write of the first, should that still be on its way.
            DeferAsync(command, _ => asker.Tell(new FarmMessages.ResourcesSet { RequestId = command.RequestId }));
            return;
        }

        PersistAsync(
            new FarmEvents.ResourcesSet { Items = command.Items, User = command.User, AtMs = settings.NowMs(), RequestId = command.RequestId },
            committed =>
            {
                Apply(committed);
                TellResources();
                asker.Tell(new FarmMessages.ResourcesSet { RequestId = committed.RequestId });
            });
    }

    private void Apply(FarmEvents.ResourcesSet set)
    {
        resourceRequests.Add(set.RequestId);
        foreach (var item in set.Items)
        {
            resources[item.Name] = item;
        }
    }

    private void Set(FarmMessages.SetModes command)
    {
        var asker = Sender;
        if (command.RequestId.Length > 0 && !resourceRequests.Add(command.RequestId))
        {
            DeferAsync(command, _ => asker.Tell(new FarmMessages.ModesSet { RequestId = command.RequestId, Modes = [.. modes] }));
            return;
        }

        PersistAsync(
            new FarmEvents.ModesSet { Added = command.Add, Removed = command.Remove, User = command.User, AtMs = settings.NowMs(), RequestId = command.RequestId },
            committed =>
            {
                Apply(committed);
                TellResources();
                asker.Tell(new FarmMessages.ModesSet { RequestId = committed.RequestId, Modes = [.. modes] });
            });
    }

    private void Apply(FarmEvents.ModesSet set)
    {
        resourceRequests.Add(set.RequestId);
        modes.UnionWith(set.Added);
        modes.ExceptWith(set.Removed);
    }

    /// <summary>A dispatcher that starts knows none, and need not be told that there are none.</summary>
    private void TellNewDispatcher()
    {
        resourcesToTell = false;
        if (resources.Count + modes.Count > 0)
        {
            TellResources();
        }
    }

    private void TellResources()
    {
        resourcesToTell = false;
        Refs.Dispatcher.Tell(new DispatchMessages.GlobalResources { Items = [.. resources.Values], IsStopped = modes.Contains(FarmModes.StopActivity) });
    }
}

using Akka.Actor;
using Qube.Contracts;

namespace Qube.Actors.Farm;

/// <content>Farm-wide resources (spec/scheduling.md §6): kept here, told to the dispatcher whenever they change or it starts.</content>
public sealed partial class FarmActor
{
    private readonly SortedDictionary<string, FarmMessages.ResourceTotal> resources = new(StringComparer.Ordinal);
    private readonly RequestIds resourceRequests = new(1000);

    /// <summary>A dispatcher that starts knows none.</summary>
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

    private void TellResources()
    {
        resourcesToTell = false;
        if (resources.Count > 0)
        {
            Refs.Dispatcher.Tell(new DispatchMessages.GlobalResources { Items = [.. resources.Values] });
        }
    }
}

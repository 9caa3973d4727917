using Akka.Actor;
using Qube.Contracts;
using Qube.Domain.Security;

namespace Qube.Actors.Farm;

/// <content>Users of whom somebody has said what they may do (spec/scheduling.md §13).</content>
public sealed partial class FarmActor
{
    private const int UsersPerPage = 250;

    private readonly SortedDictionary<string, UserEntry> users = new(StringComparer.Ordinal);

    private bool OnUserCommand(object message)
    {
        switch (message)
        {
            case UserMessages.EditUser edit:
                Edit(edit);
                return true;
            case UserMessages.GetUser get:
                Sender.Tell(Known(get.Name));
                return true;
            case UserMessages.GetUsers get:
                UserEntry[] page = [.. users.Values.Where(entry => string.CompareOrdinal(entry.Name, get.After) > 0).Take(UsersPerPage)];
                Sender.Tell(new UserMessages.Users { Items = page, Next = page.Length == UsersPerPage ? page[^1].Name : "" });
                return true;
            default:
                return false;
        }
    }

    private UserMessages.Known Known(string name)
    {
        var entry = users.GetValueOrDefault(name);
        return new()
        {
            Name = name,
            Entry = entry,
            Members = entry is { Group.Length: > 0 } ? [.. users.Values.Where(other => other.Group == entry.Group).Select(other => other.Name)] : [],
        };
    }

    private void Edit(UserMessages.EditUser edit)
    {
        var asker = Sender;
        if (resourceRequests.Knows(edit.RequestId))
        {
            // Behind the write of the first, should that still be on its way.
            DeferAsync(edit, _ => asker.Tell(new UserMessages.UserEdited { RequestId = edit.RequestId }));
            return;
        }

        var before = users.GetValueOrDefault(edit.Name);
        var (after, error) = UserEdits.Apply(before, edit, users.Values.Count(other => other.Group == edit.Group && other.Name != edit.Name));
        if (error is not null || after == before)
        {
            DeferAsync(edit, _ => asker.Tell(new UserMessages.UserEdited { RequestId = edit.RequestId, Error = error ?? "" }));
            return;
        }

        var set = new FarmEvents.UserSet
        {
            Entry = after ?? new UserEntry { Name = edit.Name },
            IsRemoved = after is null,
            User = edit.User,
            AtMs = settings.NowMs(),
            RequestId = edit.RequestId,
        };

        // At once: the next edit goes by what this one leaves. A refused write stops this actor, and with it what it believed.
        Apply(set);
        PersistAsync(set, committed => asker.Tell(new UserMessages.UserEdited { RequestId = committed.RequestId }));
    }

    private void Apply(FarmEvents.UserSet set)
    {
        resourceRequests.Add(set.RequestId);
        if (set.IsRemoved)
        {
            users.Remove(set.Entry.Name);
        }
        else
        {
            users[set.Entry.Name] = set.Entry;
        }
    }
}

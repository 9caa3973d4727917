using Akka.Actor;
using Qube.Actors.Callbacks;
using Qube.Contracts;

namespace Qube.Actors.Farm;

/// <content>The farm's log as a source of events, the list of hosts, and global callbacks (src/Qube.Actors/Callbacks/DESIGN.md).</content>
public sealed partial class FarmActor
{
    private const int NamesPerPage = 1000;
    private static readonly TimeSpan ReviveAfter = TimeSpan.FromSeconds(1);

    private readonly RequestIds raised = new(RequestsKept);
    private readonly SortedSet<string> hosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> joining = new(StringComparer.Ordinal);
    private readonly Queue<string> hostsToWake = new();
    private readonly SortedDictionary<int, JobSpec> globals = [];
    private readonly Dictionary<string, CallbackSpec> globalRequests = new(StringComparer.Ordinal);
    private int lastGlobal;

    /// <summary>The last entry that followers of this log have to see: all between it and the next says nothing to them.</summary>
    private long lastRaised;

    private void RecoverEvent(object message)
    {
        switch (message)
        {
            case FarmEvents.Raised known:
                raised.Add(known.RequestId);
                lastRaised = LastSequenceNr;
                break;
            case FarmEvents.HostJoined joined:
                hosts.Add(joined.Host);
                break;
            case FarmEvents.GlobalAdded added:
                Apply(added, LastSequenceNr);
                break;
            case FarmEvents.GlobalsRemoved removed:
                Apply(removed);
                break;
            case FarmEvents.ResourcesSet set:
                Apply(set);
                break;
            case FarmEvents.ModesSet set:
                Apply(set);
                break;
            case FarmEvents.UserSet set:
                Apply(set);
                break;
        }
    }

    private void BeginEvents()
    {
        // A dispatcher that starts knows no host: those whose logs say that they are up are either heard of, or down.
        Context.System.EventStream.Subscribe(Self, typeof(DispatchMessages.RollCall));
        WakeAllHosts();
        resourcesToTell = true;
        foreach (var id in globals.Keys)
        {
            StartGlobal(id);
        }
    }

    private void OnEventCommand(object message)
    {
        switch (message)
        {
            case EventMessages.RaiseOfFarm raise:
                Raise(raise);
                break;
            case EventMessages.NoteHost note:
                Note(note.Host);
                break;
            case EventMessages.GetHostNames get:
                string[] page = [.. hosts.Where(host => string.CompareOrdinal(host, get.After) > 0).Take(NamesPerPage)];
                Sender.Tell(new EventMessages.HostNames { Names = page, Next = page.Length == NamesPerPage ? page[^1] : "" });
                break;
            case FarmMessages.SetResources set:
                Set(set);
                break;
            case FarmMessages.SetModes set:
                Set(set);
                break;
            case DispatchMessages.RollCall { Dispatcher.Length: > 0 }:
                WakeAllHosts();
                resourcesToTell = true;
                Timers.StartPeriodicTimer("wake", Wake.Instance, WakeTick);
                break;
            case DispatchMessages.RollCall:
                break;
            case EventMessages.AddGlobal add:
                Add(add);
                break;
            case EventMessages.RemoveGlobals remove:
                Remove(remove);
                break;
            case EventMessages.GetGlobals:
                Sender.Tell(new EventMessages.GlobalIds { Ids = [.. globals.Keys] });
                break;
            case EventMessages.GetGlobal get when globals.ContainsKey(get.Id) && !Context.Child(GlobalName(get.Id)).IsNobody():
                Context.Child(GlobalName(get.Id)).Forward(new CallbackActor.Describe(new JobMessages.JobReply { Exists = true, Json = """{"id":0}""" }));
                break;
            case EventMessages.GetGlobal:
                Sender.Tell(new JobMessages.JobReply());
                break;
            case GlobalSpent spent when globals.ContainsKey(spent.Id):
                RemoveNow([spent.Id], "", null);
                break;
            case GlobalGone gone:
                Timers.StartSingleTimer(GlobalName(gone.Id), new GlobalRevival(gone.Id), ReviveAfter);
                break;
            case GlobalRevival revival:
                ReviveGlobal(revival.Id);
                break;
            case GlobalSpent or JobMessages.ForgetCommands:
                // No verb of a job is ever sent from here, so there is nothing to forget.
                break;
            default:
                if (!OnUserCommand(message))
                {
                    Unhandled(message);
                }

                break;
        }
    }

    private void Raise(EventMessages.RaiseOfFarm raise)
    {
        var asker = Sender;
        if (!raised.Add(raise.RequestId))
        {
            // Behind the write of the first, should that still be on its way.
            DeferAsync(raise, _ => asker.Tell(new EventMessages.Raised { RequestId = raise.RequestId }));
            return;
        }

        PersistAsync(
            new FarmEvents.Raised { RequestId = raise.RequestId, Name = raise.Name.ToLowerInvariant(), User = raise.User, AtMs = settings.NowMs(), Depth = raise.Depth },
            committed =>
            {
                Refs.Bus.Tell(new BusMessages.Envelope { Source = new JobId(EventSources.Farm), SequenceNr = LastSequenceNr, Previous = lastRaised, FarmRaised = committed });
                lastRaised = LastSequenceNr;
                asker.Tell(new EventMessages.Raised { RequestId = committed.RequestId });
            });
    }

    private void Note(string host)
    {
        var asker = Sender;
        if (hosts.Contains(host))
        {
            asker.Tell(new EventMessages.HostNoted { Host = host });
        }
        else if (joining.Add(host))
        {
            PersistAsync(new FarmEvents.HostJoined { Host = host }, committed =>
            {
                joining.Remove(committed.Host);
                hosts.Add(committed.Host);
                asker.Tell(new EventMessages.HostNoted { Host = committed.Host });
            });
        }
    }

    private void WakeAllHosts()
    {
        hostsToWake.Clear();
        foreach (var host in hosts)
        {
            hostsToWake.Enqueue(host);
        }
    }

    private void WakeHosts(int most)
    {
        for (var count = 0; count < most && hostsToWake.TryDequeue(out var host); count++)
        {
            Refs.Hosts.Tell(new EventMessages.WakeHost { Host = host });
        }
    }

    private void Add(EventMessages.AddGlobal add)
    {
        var asker = Sender;
        if (add.RequestId.Length > 0 && globalRequests.TryGetValue(add.RequestId, out var before))
        {
            DeferAsync(add, _ => asker.Tell(new EventMessages.GlobalAdded { Callback = before }));
            return;
        }

        var added = new FarmEvents.GlobalAdded { RequestId = add.RequestId, Callback = add.Callback with { Id = ++lastGlobal }, AtMs = settings.NowMs() };
        if (added.RequestId.Length > 0)
        {
            globalRequests[added.RequestId] = added.Callback;
        }

        PersistAsync(added, committed =>
        {
            Apply(committed, LastSequenceNr);
            StartGlobal(committed.Callback.Id);
            asker.Tell(new EventMessages.GlobalAdded { Callback = committed.Callback });
        });
    }

    private void Remove(EventMessages.RemoveGlobals remove)
    {
        int[] ids = [.. remove.Ids.Where(globals.ContainsKey).Distinct()];
        if (ids.Length == 0)
        {
            Sender.Tell(new EventMessages.GlobalIds());
            return;
        }

        RemoveNow(ids, remove.User, Sender);
    }

    private void RemoveNow(int[] ids, string user, IActorRef? asker) => PersistAsync(new FarmEvents.GlobalsRemoved { Ids = ids, User = user }, committed =>
    {
        Apply(committed);
        foreach (var id in committed.Ids)
        {
            Context.Stop(Context.Child(GlobalName(id)));
        }

        asker?.Tell(new EventMessages.GlobalIds { Ids = committed.Ids });
    });

    /// <summary>Callbacks of no job: an owner of their own each, so that one that is slow or goes round in a circle is so alone.</summary>
    private void StartGlobal(int id) => Context.WatchWith(Context.ActorOf(CallbackActor.Props(globals[id], Refs, settings), GlobalName(id)), new GlobalGone(id));

    /// <summary>A refused write stops a callback's owner; this one goes on, as long as none of its own was to be written meanwhile.</summary>
    private void ReviveGlobal(int id)
    {
        if (globals.ContainsKey(id) && Context.Child(GlobalName(id)).IsNobody())
        {
            StartGlobal(id);
        }
    }

    private void Apply(FarmEvents.GlobalAdded added, long sequenceNr)
    {
        var callback = added.Callback;
        lastGlobal = Math.Max(lastGlobal, callback.Id);
        globals[callback.Id] = new JobSpec
        {
            Pid = 0,
            User = callback.User,
            Callbacks = [callback],
            SubmittedAtMs = added.AtMs,
            FarmCursor = sequenceNr,
        };
        if (added.RequestId.Length > 0)
        {
            globalRequests[added.RequestId] = callback;
        }
    }

    private void Apply(FarmEvents.GlobalsRemoved removed)
    {
        foreach (var id in removed.Ids)
        {
            globals.Remove(id);
        }
    }

    private static string GlobalName(int id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"global-{id}");

    /// <summary>A global callback → farm: it will never fire again, and all it fired is done.</summary>
    internal sealed record GlobalSpent(int Id) : INoSerializationVerificationNeeded;

    private sealed record GlobalGone(int Id) : INoSerializationVerificationNeeded;

    private sealed record GlobalRevival(int Id) : INoSerializationVerificationNeeded;
}

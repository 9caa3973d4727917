using Akka.Actor;
using Akka.Cluster;
using Akka.Persistence;
using Qube.Contracts;

namespace Qube.Actors.Farm;

/// <summary>The farm's singleton: hands out job ids once per request, and is the live index: which jobs are woken at a start (design §3).
/// An id is live from the moment it is issued until its job says that nothing is left to wake for.</summary>
public sealed partial class FarmActor : UntypedPersistentActor, IWithTimers
{
    /// <summary>Where ids begin: 0 and 1 mean "no parent" (spec/callbacks.md Q29), and Qube! too starts in the hundreds.</summary>
    public const long FirstId = 250;

    private const int RequestsKept = 100_000;
    private static readonly TimeSpan SettleTick = TimeSpan.FromMilliseconds(500);

    private readonly Task<FarmRefs> refs;
    private readonly FarmSettings settings;
    private readonly Dictionary<string, (FarmEvents.IdsIssued Issued, long SequenceNr)> requests = [];
    private readonly Queue<string> requestOrder = new();
    private readonly SortedDictionary<long, long> live = [];
    private readonly HashSet<long> settling = [];
    private long lastId = FirstId - 1;

    public FarmActor(Task<FarmRefs> refs, FarmSettings settings)
    {
        this.refs = refs;
        this.settings = settings;
    }

    public override string PersistenceId => Names.Farm;

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The farm as it is reached from here; whole a few milliseconds after this actor's start.</summary>
    private FarmRefs Refs => refs.Result;

    /// <param name="refs">Complete when everything of this process has been started, this actor included.</param>
    /// <param name="settings">What all actors of the farm are given.</param>
    public static Props Props(Task<FarmRefs> refs, FarmSettings settings) => Akka.Actor.Props.Create(() => new FarmActor(refs, settings));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case FarmEvents.IdsIssued issued:
                Apply(issued, LastSequenceNr);
                break;
            case FarmEvents.Settled settled:
                Apply(settled);
                break;
            case FarmEvents.Revived revived:
                Apply(revived);
                break;
            case RecoveryCompleted:
                ListenForSupervisors();
                WakeAll();
                Timers.StartPeriodicTimer("settle", Settle.Instance, SettleTick);
                BeginEvents();
                break;
            default:
                RecoverEvent(message);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case FarmMessages.IssueIds issue:
                Issue(issue);
                break;
            case FarmMessages.GetLastId get:
                Sender.Tell(new FarmMessages.LastId { Value = lastId, RequestPgrp = requests.GetValueOrDefault(get.RequestId).Issued?.Pgrp ?? 0, Modes = [.. modes] });
                break;
            case FarmMessages.JobSettled settled:
                if (live.ContainsKey(settled.JobId.Value))
                {
                    settling.Add(settled.JobId.Value);
                }

                break;
            case FarmMessages.FindJob find:
                Sender.Tell(new FarmMessages.JobFound { JobId = find.JobId, Pgrp = live.GetValueOrDefault(find.JobId.Value) });
                break;
            case FarmMessages.JobRevived revived:
                Revive(revived);
                break;
            case FarmMessages.JobMoved or Wake or WakeEverybody or ClusterEvent.MemberRemoved:
                OnWake(message);
                break;
            case Settle when settling.Count > 0:
                var ids = new FarmEvents.Settled { JobIds = [.. settling] };
                settling.Clear();

                // Taken out at once, so that who comes alive during the write is put back behind it.
                Apply(ids);
                PersistAsync(ids, _ => { });
                break;
            case Settle:
                break;
            default:
                OnEventCommand(message);
                break;
        }
    }

    private void Issue(FarmMessages.IssueIds issue)
    {
        if (issue.RequestId.Length > 0 && requests.TryGetValue(issue.RequestId, out var before))
        {
            Sender.Tell(Reply(before.Issued, before.SequenceNr, again: true));
            return;
        }

        if (modes.Contains(FarmModes.RejectSubmit))
        {
            Sender.Tell(new FarmMessages.IdsIssued { RequestId = issue.RequestId });
            return;
        }

        var asker = Sender;
        var issued = new FarmEvents.IdsIssued
        {
            RequestId = issue.RequestId,
            FirstId = lastId + 1,
            Count = issue.Count,
            Pgrp = issue.Pgrp > 0 ? issue.Pgrp : lastId + 1,
            AtMs = settings.NowMs(),
        };

        // Taken at once, so that requests that arrive during the write get ids of their own; told only after the commit.
        Apply(issued, LastSequenceNr);
        PersistAsync(issued, committed =>
        {
            CrashPoints.Pass(CrashPointNames.FarmAfterIds);
            if (settings.IsAlone && committed.Pgrp == committed.FirstId)
            {
                settings.KnownNew(Names.ProcessGroup(committed.Pgrp));
            }

            asker.Tell(Reply(committed, LastSequenceNr, again: false));
        });
    }

    private static FarmMessages.IdsIssued Reply(FarmEvents.IdsIssued issued, long sequenceNr, bool again) => new()
    {
        RequestId = issued.RequestId,
        FirstId = issued.FirstId,
        Count = issued.Count,
        Pgrp = issued.Pgrp,
        Again = again,
        SequenceNr = sequenceNr,
    };

    private void Revive(FarmMessages.JobRevived revived)
    {
        var asker = Sender;
        settling.Remove(revived.JobId.Value);
        if (live.ContainsKey(revived.JobId.Value))
        {
            asker.Tell(new FarmMessages.JobRevivedAck { JobId = revived.JobId });
            return;
        }

        PersistAsync(new FarmEvents.Revived { JobIds = [revived.JobId.Value], Pgrps = [revived.Pgrp] }, committed =>
        {
            Apply(committed);
            asker.Tell(new FarmMessages.JobRevivedAck { JobId = revived.JobId });
        });
    }

    private void Apply(FarmEvents.IdsIssued issued, long sequenceNr)
    {
        lastId = Math.Max(lastId, issued.FirstId + issued.Count - 1);
        for (var id = issued.FirstId; id < issued.FirstId + issued.Count; id++)
        {
            live[id] = issued.Pgrp;
        }

        if (issued.RequestId.Length > 0)
        {
            requests[issued.RequestId] = (issued, sequenceNr);
            requestOrder.Enqueue(issued.RequestId);
            if (requestOrder.Count > RequestsKept)
            {
                requests.Remove(requestOrder.Dequeue());
            }
        }
    }

    private void Apply(FarmEvents.Settled settled)
    {
        foreach (var id in settled.JobIds)
        {
            live.Remove(id);
        }
    }

    private void Apply(FarmEvents.Revived revived)
    {
        for (var index = 0; index < revived.JobIds.Length; index++)
        {
            live[revived.JobIds[index]] = revived.Pgrps[index];
        }
    }

    private sealed class Settle : INoSerializationVerificationNeeded
    {
        public static readonly Settle Instance = new();
    }
}

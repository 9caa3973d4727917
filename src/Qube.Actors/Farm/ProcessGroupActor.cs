using Akka.Actor;
using Akka.Persistence;
using Qube.Actors.Paging;
using Qube.Actors.ReadModel;
using Qube.Contracts;

namespace Qube.Actors.Farm;

/// <summary>A process group: accepts each submission as a whole and keeps its jobs' specs until every job has a journal of its own (design §4 step 1).</summary>
public sealed class ProcessGroupActor : UntypedPersistentActor, IWithTimers
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly long pgrp;
    private readonly IActorRef jobs;
    private readonly IActorRef readModel;
    private readonly FarmSettings settings;
    private readonly SortedDictionary<long, string> members = [];
    private readonly SortedDictionary<long, JobSpec> open = [];
    private readonly HashSet<long> voided = [];
    private readonly HashSet<long> created = [];
    private readonly Dictionary<string, ProcessGroupEvents.Accepted> requests = [];

    public ProcessGroupActor(long pgrp, IActorRef jobs, IActorRef readModel, FarmSettings settings)
    {
        this.pgrp = pgrp;
        this.jobs = jobs;
        this.readModel = readModel;
        this.settings = settings;
    }

    public override string PersistenceId => Names.ProcessGroup(pgrp);

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="pgrp">Its id.</param>
    /// <param name="jobs">Shard region of jobs.</param>
    /// <param name="readModel">The list of jobs, in which a job is as soon as it was accepted.</param>
    /// <param name="settings">What all actors of the farm are given.</param>
    public static Props Props(long pgrp, IActorRef jobs, IActorRef readModel, FarmSettings settings) =>
        Akka.Actor.Props.Create(() => new ProcessGroupActor(pgrp, jobs, readModel, settings));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case ProcessGroupEvents.Accepted accepted:
                Apply(accepted);
                break;
            case ProcessGroupEvents.Voided gone:
                voided.UnionWith(gone.JobIds);
                break;
            case ProcessGroupEvents.Created done:
                Apply(done);
                break;
            case ProcessGroupEvents.Joined joined:
                members[joined.JobId.Value] = joined.Label;
                break;
            case ProcessGroupEvents.Left left:
                members.Remove(left.JobId.Value);
                open.Remove(left.JobId.Value);
                break;
            case RecoveryCompleted:
                // Listed again: the process that did may have ended before it was written.
                List(open.Values);
                CreateOpen();
                Idle();
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case FarmMessages.AcceptSubmission accept:
                Accept(accept);
                break;
            case FarmMessages.GetProcessGroup get:
                Pages.Reply(Context, Sender, new FarmMessages.ProcessGroup { Pgrp = pgrp, JobIds = [.. members.Keys], Labels = [.. members.Values], Accepted = AcceptedBefore(get.RequestId) });
                break;
            case FarmMessages.GetSpec get:
                GiveSpec(get);
                break;
            case FarmMessages.JoinGroup join:
                Join(join);
                break;
            case FarmMessages.LeaveGroup leave when members.ContainsKey(leave.JobId.Value) && !open.ContainsKey(leave.JobId.Value):
                Persist(new ProcessGroupEvents.Left { JobId = leave.JobId }, left => members.Remove(left.JobId.Value));
                break;
            case FarmMessages.LeaveGroup:
                break;
            case JobMessages.JobCreated job:
                if (open.Remove(job.JobId.Value))
                {
                    created.Add(job.JobId.Value);
                }

                if (open.Count == 0)
                {
                    Timers.Cancel("retry");
                }

                break;
            case Retry:
                CreateOpen();
                break;
            case JobMessages.Page page:
                Pages.Whole(page, Self).PipeTo(Self, Sender);
                break;
            case Akka.Actor.Status.Failure:
                // The asker, or its process, has gone before it was heard to its end: it asks again.
                break;
            case ReceiveTimeout:
                NoteCreated();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Accept(FarmMessages.AcceptSubmission accept)
    {
        if (AcceptedBefore(accept.RequestId) is { } before)
        {
            Pages.Reply(Context, Sender, before);
            return;
        }

        if (Refusal(accept) is { } refused)
        {
            Sender.Tell(refused);
            return;
        }

        var asker = Sender;
        var first = accept.Jobs.Min(job => job.JobId.Value);
        var labels = members.Where(member => member.Value.Length > 0).SelectMany(member => (string[])[member.Value, Text(member.Key)])
            .Concat(accept.Jobs.SelectMany(job => (string[])[job.Label, job.JobId.ToString()]))
            .ToArray();
        var accepted = new ProcessGroupEvents.Accepted
        {
            RequestId = accept.RequestId,
            Jobs = [.. accept.Jobs.Select(job => job with { SubmissionFirstId = first, GroupLabels = job.Callbacks.Length > 0 ? labels : [] })],
            Warnings = accept.Warnings,
        };
        CrashPoints.Pass(CrashPointNames.SubmissionBeforeCommit);
        Write(accepted, committed =>
        {
            Apply(committed);
            if (settings.IsAlone)
            {
                foreach (var job in committed.Jobs)
                {
                    settings.KnownNew(Names.Job(job.JobId));
                }
            }

            // The jobs first: whoever was answered may ask for them at once, or look for them in the list, and is not to be told that there are none.
            List(committed.Jobs);
            CreateOpen();
            Pages.Reply(Context, asker, new FarmMessages.SubmissionAccepted { Pgrp = pgrp, Jobs = committed.Jobs, Warnings = committed.Warnings });
            CrashPoints.Pass(CrashPointNames.SubmissionAfterAck);
        });
    }

    private FarmMessages.SubmissionAccepted? AcceptedBefore(string request) => requests.TryGetValue(request, out var before)
        ? new FarmMessages.SubmissionAccepted { Pgrp = pgrp, Jobs = before.Jobs, Warnings = before.Warnings }
        : null;

    private FarmMessages.SubmissionRefused? Refusal(FarmMessages.AcceptSubmission accept)
    {
        foreach (var job in accept.Jobs)
        {
            if (voided.Contains(job.JobId.Value))
            {
                return new FarmMessages.SubmissionRefused { Pgrp = pgrp, Message = "the farm restarted before this submission was accepted; submit it again", Job = job.Label, IdsVoided = true };
            }

            if (members.FirstOrDefault(member => member.Value == job.Label) is { Key: > 0 } other)
            {
                return new FarmMessages.SubmissionRefused
                {
                    Pgrp = pgrp,
                    Message = $"job '{job.Name}', label: '{job.Label}' is taken by job {other.Key} of process group {pgrp}",
                    Job = job.Label,
                    Field = "label",
                };
            }
        }

        return null;
    }

    /// <summary>A job that was woken without a journal: what it should be, or, for good, that it will never be.</summary>
    private void GiveSpec(FarmMessages.GetSpec get)
    {
        var asker = Sender;
        if (open.TryGetValue(get.JobId.Value, out var spec))
        {
            List([spec]);
            Pages.Reply(Context, asker, new JobMessages.CreateJob { JobId = get.JobId, Spec = spec });
        }
        else if (voided.Contains(get.JobId.Value) || (get.IsQuestion && !members.ContainsKey(get.JobId.Value)))
        {
            asker.Tell(new FarmMessages.NoSuchJob { JobId = get.JobId, IsQuestion = get.IsQuestion });
        }
        else if (!members.ContainsKey(get.JobId.Value))
        {
            // Its ids were issued and the submission never came: from here on it cannot.
            Write(new ProcessGroupEvents.Voided { JobIds = [get.JobId.Value] }, gone =>
            {
                voided.UnionWith(gone.JobIds);
                asker.Tell(new FarmMessages.NoSuchJob { JobId = get.JobId });
            });
        }
    }

    /// <summary>A member from elsewhere, or one with another label: as unique here as those of a submission (spec/callbacks.md §7).</summary>
    private void Join(FarmMessages.JoinGroup join)
    {
        var others = members.Where(member => member.Key != join.JobId.Value).ToDictionary(member => member.Value, member => member.Key, StringComparer.Ordinal);
        var label = join.Label;
        for (var number = 0; join.IsAutomatic && others.ContainsKey(label); number++)
        {
            label = $"qube{Text(number)}";
        }

        var answer = new FarmMessages.GroupJoined { Pgrp = pgrp, JobId = join.JobId, Label = label, RequestId = join.RequestId };
        if (others.TryGetValue(label, out var other))
        {
            Sender.Tell(answer with { Problem = $"'{label}' is taken by job {other} of process group {pgrp}" });
            return;
        }

        var asker = Sender;
        if (members.TryGetValue(join.JobId.Value, out var before) && before == label)
        {
            asker.Tell(answer);
            return;
        }

        Write(new ProcessGroupEvents.Joined { JobId = join.JobId, Label = label }, joined =>
        {
            members[joined.JobId.Value] = joined.Label;
            asker.Tell(answer);
        });
    }

    /// <summary>A row of before the job's first event: whatever the job itself says, now or later, takes its place. Before the job is told to be, so that none
    /// comes after its last.</summary>
    private void List(IEnumerable<JobSpec> accepted)
    {
        foreach (var spec in accepted)
        {
            readModel.Tell(new JobListed(spec));
        }
    }

    /// <summary>The first of them ends what the farm said of this log when it issued the ids: that there is none.</summary>
    private void Write<T>(T @event, Action<T> whenCommitted)
    {
        settings.NotNew(PersistenceId);
        Persist(@event, whenCommitted);
    }

    private void CreateOpen()
    {
        foreach (var (id, spec) in open)
        {
            Pages.TellEntity(Context, jobs, Text(id), new JobMessages.CreateJob { JobId = new JobId(id), Spec = spec });
        }

        if (open.Count > 0)
        {
            Timers.StartSingleTimer("retry", Retry.Instance, RetryInterval);
        }
    }

    /// <summary>The note that spares its jobs a question at this group's next start; losing it costs a repeated, harmless CreateJob. So it is written when
    /// nobody has had a question for minutes, and not in the way of those who submit.</summary>
    private void NoteCreated()
    {
        if (created.Count == 0)
        {
            Leave();
            return;
        }

        Persist(new ProcessGroupEvents.Created { JobIds = [.. created] }, _ =>
        {
            created.Clear();
            Leave();
        });
    }

    private static void Leave() => Context.Parent.Tell(new Akka.Cluster.Sharding.Passivate(PoisonPill.Instance));

    private void Apply(ProcessGroupEvents.Accepted accepted)
    {
        if (accepted.RequestId.Length > 0)
        {
            requests[accepted.RequestId] = accepted;
        }

        foreach (var job in accepted.Jobs)
        {
            members[job.JobId.Value] = job.Label;
            open[job.JobId.Value] = job;
        }
    }

    private void Apply(ProcessGroupEvents.Created done)
    {
        foreach (var id in done.JobIds)
        {
            open.Remove(id);
        }
    }

    private static void Idle() => Context.SetReceiveTimeout(TimeSpan.FromMinutes(2));

    private static string Text(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Retry : INoSerializationVerificationNeeded
    {
        public static readonly Retry Instance = new();
    }
}

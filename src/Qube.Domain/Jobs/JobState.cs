using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <summary>A job as its log says it is. Only <see cref="Apply(Transition, long)"/> changes it, in recovery and live alike; it never throws on a
/// transition that names what does not exist.</summary>
public sealed partial class JobState
{
    /// <summary>How many commands of clients and scripts are remembered so that a repetition changes nothing; those of callbacks are
    /// remembered until their sender has recorded the answer.</summary>
    public const int ClientCommandsKept = 1000;

    private readonly HashSet<string> applied = [];
    private readonly Queue<string> clientCommands = new();

    public JobState(JobEvents.Created created)
    {
        Spec = created.Spec;
        Agenda = created.Spec.Agenda is null ? null : Agenda.FromSpec(created.Spec.Agenda).Required();
        Items = new ItemTable(Agenda?.Count ?? 0);
        Instances = Enumerable.Range(0, Math.Max(1, created.Spec.Instances)).Select(id => new JobInstance(id)).ToArray();
        LastUpdateMs = created.AtMs;
        foreach (var seq in IntervalSet.FromPairs(created.Spec.BlockedItems).Values())
        {
            Items.SetStatus(seq, Status.Blocked);
        }

        if (created.Spec.Blocked)
        {
            foreach (var instance in Instances)
            {
                instance.Status = Status.Blocked;
                instance.Held = true;
            }
        }

        Status = InitialStatus(created.Spec);
    }

    public JobSpec Spec { get; private set; }

    public Agenda? Agenda { get; }

    public ItemTable Items { get; }

    public JobInstance[] Instances { get; private set; }

    public Status Status { get; private set; }

    public int Epoch { get; private set; }

    public bool Removed { get; private set; }

    /// <summary>Removed, and its own callbacks have nothing left to do about that.</summary>
    public bool Erased { get; private set; }

    /// <summary>Removed, and none of its own callbacks has anything left to do.</summary>
    public bool IsGone => Removed && (Erased || Spec.Callbacks.Length == 0);

    public int LocalOrder { get; private set; }

    public long StartedMs { get; private set; }

    public long EndedMs { get; private set; }

    public long LastUpdateMs { get; private set; }

    /// <summary>Attributes changed after submission, as JSON objects in order.</summary>
    public List<string> Modifications { get; } = [];

    public static Status InitialStatus(JobSpec spec) => spec.Blocked ? Status.Blocked : Status.Pending;

    public bool WasApplied(string command) => applied.Contains(command);

    public int InstancesIn(Status status)
    {
        var count = 0;
        foreach (var instance in Instances)
        {
            if (instance.Status == status)
            {
                count++;
            }
        }

        return count;
    }

    public Status DerivedStatus() => StatusRules.OfJob(InstancesIn, Instances.Length, Agenda is null || Agenda.Count == 0 ? null : Items.CountOf);

    public Status AgendaStatus() => StatusRules.OfAgenda(Items.CountOf);

    public Status SubjobStatus() => StatusRules.Aggregate(InstancesIn);

    public void Apply(JobEvents.Batch batch)
    {
        foreach (var transition in batch.Transitions)
        {
            Apply(transition, batch.AtMs);
        }
    }

    public void Apply(Transition t, long atMs)
    {
        LastUpdateMs = atMs;
        switch (t.Kind)
        {
            case TransitionKind.EpochStarted:
                Epoch = t.Attempt;
                break;
            case TransitionKind.JobStatus:
                SetStatus(t.Status, atMs);
                break;
            case TransitionKind.InstanceStatus when InstanceOf(t) is { } instance:
                SetInstance(instance, t, atMs);
                break;
            case TransitionKind.InstanceEnding when InstanceOf(t) is { } instance:
                (instance.Ending, instance.EndingVerb, instance.EndingDepth) = (t.Status, t.Verb, t.Depth);
                break;
            case TransitionKind.InstanceLeft when InstanceOf(t) is { } instance:
                Leave(instance);
                break;
            case TransitionKind.ItemAssigned when InstanceOf(t) is { } instance:
                Assign(instance, t);
                break;
            case TransitionKind.ItemStarted when HasItem(t.Seq):
                Items.Touch(t.Seq).StartedMs = t.StartedMs;
                Items.SetStatus(t.Seq, Status.Running);
                if (InstanceOf(t) is { } starter)
                {
                    starter.ItemPausedMs = 0;
                }

                break;
            case TransitionKind.ItemEnded when InstanceOf(t) is { } instance:
                End(instance, t);
                break;
            case TransitionKind.ItemReturned when InstanceOf(t) is { } instance:
                TakeBack(instance, t);
                break;
            case TransitionKind.ItemsSet:
                SetItems(t);
                break;
            case TransitionKind.AttemptsReset:
                foreach (var seq in Named(t))
                {
                    Items.ResetRetries(seq);
                }

                break;
            case TransitionKind.CommandApplied when t.Text is not null:
                if (applied.Add(t.Text) && t.Ahead)
                {
                    KeepClients(t.Text);
                }

                break;
            case TransitionKind.CommandForgotten when t.Text is not null:
                applied.Remove(t.Text);
                break;
            case TransitionKind.Modified when t.Text is not null:
                Modifications.Add(t.Text);
                Spec = JobAttributes.Apply(Spec, t.Text);
                break;
            case TransitionKind.LocalOrder:
                LocalOrder = t.Attempt;
                break;
            case TransitionKind.Removed:
                Removed = true;
                break;
            case TransitionKind.Wrangled:
                Judge(t);
                break;
            case TransitionKind.Erased:
                Erased = true;
                break;
            case TransitionKind.TimedOut:
                TimeOut(t, atMs);
                break;
            case TransitionKind.HostAvoided when t.Host is not null:
                avoided[t.Host] = t.EndedMs;
                break;
            case TransitionKind.InstancesSet:
                Resize(t);
                break;
        }
    }

    private void KeepClients(string command)
    {
        clientCommands.Enqueue(command);
        if (clientCommands.Count > ClientCommandsKept)
        {
            applied.Remove(clientCommands.Dequeue());
        }
    }

    private JobInstance? InstanceOf(Transition t) => (uint)t.Instance < (uint)Instances.Length ? Instances[t.Instance] : null;

    private bool HasItem(int seq) => (uint)seq < (uint)Items.Count;

    private IEnumerable<int> Named(Transition t) =>
        t.Items is null ? [] : IntervalSet.FromPairs(t.Items).Values().Where(HasItem);

    private void SetStatus(Status status, long atMs)
    {
        Status = status;
        if (status == Status.Running && StartedMs == 0)
        {
            StartedMs = atMs;
        }

        EndedMs = status.IsTerminal() ? atMs : 0;
        if (status.IsTerminal() || (status == Status.Running && RunningSinceMs == 0))
        {
            (RunningSinceMs, TimedOut) = (status == Status.Running ? atMs : 0, false);
        }
    }

    private void SetInstance(JobInstance instance, Transition t, long atMs)
    {
        CountRuns(instance, t);
        if (instance.Status == Status.Suspended && t.Status != Status.Suspended)
        {
            var paused = Math.Max(0, atMs - instance.SuspendedAtMs);
            instance.PausedMs += paused;
            instance.ItemPausedMs += paused;
            instance.SuspendedAtMs = 0;
        }

        instance.Status = t.Status;
        instance.Held = t.Status == Status.Blocked && !t.Ahead;
        instance.Depth = t.Depth;
        switch (t.Status)
        {
            case Status.Registering:
                instance.Host = t.Host;
                instance.LastHost = t.Host ?? "";
                instance.Run = t.Attempt;
                instance.Allocations = t.Text ?? "";
                instance.Slots = JobAllocations.Slots(instance.Allocations);
                instance.HostChecks = (FlightChecks)t.Flight;
                instance.Phase = FlightPhase.None;
                instance.Ending = null;
                instance.EndedMs = 0;
                instance.PausedMs = 0;
                instance.TimedOut = false;
                break;
            case Status.Suspended:
                instance.SuspendedAtMs = atMs;
                break;
            case Status.Running when instance.StartedMs == 0:
                instance.StartedMs = atMs;
                break;
            case >= Status.Complete:
                instance.EndedMs = atMs;
                break;
            case Status.Pending:
                instance.StartedMs = 0;
                instance.EndedMs = 0;
                break;
        }
    }

    private void Leave(JobInstance instance)
    {
        foreach (var seq in instance.InHand.Where(HasItem))
        {
            Items.Touch(seq).InHand = false;
            Items.Refresh(seq);
        }

        instance.InHand.Clear();
        instance.Host = null;
        instance.Ending = null;
        instance.Phase = FlightPhase.None;
    }

    private void Assign(JobInstance instance, Transition t)
    {
        instance.InHand.Add(t.Seq);
        instance.Phase = t.Flight == 0 ? FlightPhase.Work : (FlightPhase)t.Flight;
        instance.CheckTries += instance.IsChecking ? 1 : 0;
        if (!HasItem(t.Seq))
        {
            return;
        }

        ref var record = ref Items.Touch(t.Seq);
        record.Try = t.Attempt;
        record.Instance = instance.Id;
        record.InHand = true;
        record.Host = instance.Host;
        record.StartedMs = t.StartedMs;
        record.EndedMs = 0;
        record.TimedOut = false;
        instance.ItemPausedMs = t.Ahead ? instance.ItemPausedMs : 0;
        Items.SetStatus(t.Seq, t.Ahead ? Status.Registering : Status.Running);
    }

    private void End(JobInstance instance, Transition t)
    {
        instance.InHand.Remove(t.Seq);
        if (t.Flight != 0)
        {
            EndChecks(instance, t);
            return;
        }

        if (!HasItem(t.Seq))
        {
            // What a verb has taken off its host and put back is no try (interrupt, migrate).
            instance.Count += instance.IsActive || instance.Status.IsTerminal() ? 1 : 0;
            instance.ExitCode = t.ExitCode;
            return;
        }

        instance.ExitCode = t.ExitCode;
        ref var record = ref Items.Touch(t.Seq);
        record.InHand = false;
        record.Count += t.Status != Status.Unknown || Items.StatusOf(t.Seq).IsTerminal() ? 1 : 0;
        record.ExitCode = t.ExitCode;
        record.StartedMs = t.StartedMs;
        record.EndedMs = t.EndedMs;
        record.CumulativeMs += Math.Max(0, t.EndedMs - t.StartedMs);
        if (t.Status == Status.Pending && Spec.RetryWorkDelaySeconds > 0)
        {
            Items.DelayUntil(t.Seq, t.EndedMs + (Spec.RetryWorkDelaySeconds * 1000L));
        }

        if (!string.IsNullOrEmpty(t.Text))
        {
            Items.SetResult(t.Seq, t.Text);
        }

        if (Spec.Flags.HasFlag(JobFlags.AutoWrangling))
        {
            Count(record.Host, t.Status);
        }

        // A person's verb may have decided meanwhile (killed, retried): then the process's end only frees the item.
        if (t.Status == Status.Unknown)
        {
            Items.Refresh(t.Seq);
        }
        else
        {
            Items.SetStatus(t.Seq, t.Status);
        }
    }

    private void TakeBack(JobInstance instance, Transition t)
    {
        instance.InHand.Remove(t.Seq);
        if (instance.IsChecking)
        {
            instance.Phase = (FlightPhase)t.Flight;
        }

        if (!HasItem(t.Seq))
        {
            return;
        }

        Items.Touch(t.Seq).InHand = false;
        if (t.Status == Status.Unknown)
        {
            Items.Refresh(t.Seq);
        }
        else
        {
            Items.SetStatus(t.Seq, t.Status);
        }
    }

    private void SetItems(Transition t)
    {
        foreach (var seq in Named(t))
        {
            if (t.Depth > 0 || t.Status == Status.Pending)
            {
                Items.Touch(seq).Depth = t.Depth;
            }

            Items.SetStatus(seq, t.Status);
        }
    }
}

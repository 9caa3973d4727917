using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>The lifecycle events that a log entry stands for (spec/callbacks.md §20). Ordinals depend on the entry alone, so that whoever reads
/// it, live or years later, counts the same.</summary>
public static class Lifecycle
{
    public static IReadOnlyList<LifecycleEvent> Of(JobEvents.Created created)
    {
        var events = new List<LifecycleEvent>();
        Add(events, LifecycleSubject.Job, "submit", -1, null, 0);
        Add(events, LifecycleSubject.Job, JobState.InitialStatus(created.Spec).Name(), -1, null, 0);
        return events;
    }

    public static IReadOnlyList<LifecycleEvent> Of(JobEvents.Batch batch)
    {
        var events = new List<LifecycleEvent>();
        foreach (var transition in batch.Transitions)
        {
            switch (transition.Kind)
            {
                case TransitionKind.JobStatus:
                    Statuses(events, LifecycleSubject.Job, transition, (Status)transition.Attempt);
                    break;
                case TransitionKind.InstanceStatus:
                    OfInstance(events, transition);
                    break;
                case TransitionKind.ItemAssigned when transition is { Seq: >= 0, Ahead: false }:
                case TransitionKind.ItemStarted:
                    Add(events, LifecycleSubject.Work, "running", -1, One(transition), transition.Depth);
                    break;
                case TransitionKind.ItemEnded when transition.Seq >= 0:
                    OfEnded(events, transition);
                    break;
                case TransitionKind.ItemReturned when transition is { Seq: >= 0, Status: Status.Pending, Ahead: false }:
                    Add(events, LifecycleSubject.Work, "pending", -1, One(transition), transition.Depth);
                    break;
                case TransitionKind.ItemsSet when transition is { Items: not null, Ahead: false }:
                    Statuses(events, LifecycleSubject.Work, transition, (Status)transition.Attempt, -1, transition.Items);
                    break;
                case TransitionKind.TimedOut:
                    OfTimedOut(events, transition);
                    break;
                case TransitionKind.Modified:
                    Add(events, LifecycleSubject.Job, "modified", -1, null, transition.Depth);
                    break;
                case TransitionKind.Raised when transition.Text is { } name:
                    Add(events, SubjectOf(transition), name, transition.Instance, transition.Seq >= 0 ? One(transition) : null, transition.Depth);
                    break;
                case TransitionKind.Removed:
                    Add(events, LifecycleSubject.Job, "removed", -1, null, transition.Depth);
                    break;
            }
        }

        return events;
    }

    private static LifecycleSubject SubjectOf(Transition raised) =>
        raised.Seq >= 0 ? LifecycleSubject.Work : raised.Instance >= 0 ? LifecycleSubject.Subjob : LifecycleSubject.Job;

    private static int[] One(Transition transition) => [transition.Seq, transition.Seq];

    private static void OfInstance(List<LifecycleEvent> events, Transition transition)
    {
        if (transition.Status == Status.Registering)
        {
            Add(events, LifecycleSubject.Subjob, "assigned", transition.Instance, null, transition.Depth);
            Add(events, LifecycleSubject.Job, "assigned", -1, null, transition.Depth);
            return;
        }

        Statuses(events, LifecycleSubject.Subjob, transition, (Status)transition.ExitCode, transition.Instance);
    }

    /// <summary>The time first, then what its limit made of it (spec/callbacks.md §18).</summary>
    private static void OfTimedOut(List<LifecycleEvent> events, Transition transition)
    {
        var (subject, items) = transition.Seq >= 0 ? (LifecycleSubject.Work, One(transition))
            : (transition.Instance >= 0 ? LifecycleSubject.Subjob : LifecycleSubject.Job, null);
        if (!transition.Ahead)
        {
            Add(events, subject, "timeout", transition.Seq >= 0 ? -1 : transition.Instance, items, transition.Depth);
        }

        if (subject == LifecycleSubject.Work && transition.Status == Status.Pending)
        {
            Add(events, subject, "retry", -1, items, transition.Depth);
        }
        else if (subject == LifecycleSubject.Work && transition.Status.IsTerminal())
        {
            Statuses(events, subject, transition, Status.Running, -1, items);
        }
    }

    private static void OfEnded(List<LifecycleEvent> events, Transition transition)
    {
        if (transition.Ahead)
        {
            Add(events, LifecycleSubject.Work, "running", -1, One(transition), transition.Depth);
        }

        if (transition.Status == Status.Pending)
        {
            Add(events, LifecycleSubject.Work, "retry", -1, One(transition), transition.Depth);
        }
        else if (transition.Status.IsTerminal())
        {
            Statuses(events, LifecycleSubject.Work, transition, Status.Running, -1, One(transition));
        }
    }

    /// <summary>How it came to it, where that has a name; the status; then <c>done</c> for the three that are (spec/callbacks.md Q9).</summary>
    private static void Statuses(List<LifecycleEvent> events, LifecycleSubject subject, Transition transition, Status before, int instance = -1, int[]? items = null)
    {
        var (status, depth) = (transition.Status, transition.Depth);
        if (before == Status.Blocked && !status.IsTerminal() && status != Status.Blocked)
        {
            Add(events, subject, "unblocked", instance, items, depth);
        }

        if (NameOf(transition.Verb) is { } name)
        {
            Add(events, subject, name, instance, items, depth);
        }

        // A status in which a thing is on its way has no name of its own among the events.
        if (status is not (Status.Registering or Status.Unknown or Status.Dying))
        {
            Add(events, subject, status.Name(), instance, items, depth);
        }

        if (status.IsTerminal())
        {
            Add(events, subject, "done", instance, items, depth);
        }
    }

    private static string? NameOf(JobVerb verb) => verb switch
    {
        JobVerb.Preempt => "preempted",
        JobVerb.Interrupt => "interrupted",
        JobVerb.Migrate => "migrated",
        JobVerb.Resume => "resumed",
        JobVerb.Retry => "retry",
        _ => null,
    };

    private static void Add(List<LifecycleEvent> events, LifecycleSubject subject, string name, int instance, int[]? items, int depth) =>
        events.Add(new LifecycleEvent(subject, name, instance, items, events.Count, depth));
}

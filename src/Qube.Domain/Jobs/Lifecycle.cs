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
                    Statuses(events, LifecycleSubject.Job, transition.Status, (Status)transition.Attempt, -1, null, transition.Depth);
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
                case TransitionKind.ItemsSet when transition.Items is not null:
                    Statuses(events, LifecycleSubject.Work, transition.Status, (Status)transition.Attempt, -1, transition.Items, transition.Depth);
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

        Statuses(events, LifecycleSubject.Subjob, transition.Status, (Status)transition.ExitCode, transition.Instance, null, transition.Depth);
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
            Statuses(events, LifecycleSubject.Work, transition.Status, Status.Running, -1, One(transition), transition.Depth);
        }
    }

    /// <summary>The specific name, then <c>done</c> for the three that are (spec/callbacks.md Q9).</summary>
    private static void Statuses(List<LifecycleEvent> events, LifecycleSubject subject, Status status, Status before, int instance, int[]? items, int depth)
    {
        if (before == Status.Blocked && status == Status.Pending)
        {
            Add(events, subject, "unblocked", instance, items, depth);
        }

        Add(events, subject, status.Name(), instance, items, depth);
        if (status.IsTerminal())
        {
            Add(events, subject, "done", instance, items, depth);
        }
    }

    private static void Add(List<LifecycleEvent> events, LifecycleSubject subject, string name, int instance, int[]? items, int depth) =>
        events.Add(new LifecycleEvent(subject, name, instance, items, events.Count, depth));
}

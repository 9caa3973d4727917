using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <summary>History lines out of a job's log (spec/jobs.md §5.3).</summary>
public static class JobHistory
{
    public static IEnumerable<HistoryLine> Of(JobEvents.Created created)
    {
        var state = JobState.InitialStatus(created.Spec).Name();
        yield return new HistoryLine { AtMs = created.AtMs, User = created.Spec.User, Comment = $"job submitted: {state} from {created.Spec.SourceHost}" };
        foreach (var warning in created.Spec.Warnings)
        {
            yield return new HistoryLine { AtMs = created.AtMs, Comment = $"warning: {warning}" };
        }
    }

    public static IEnumerable<HistoryLine> Of(JobEvents.Batch batch, JobSpec spec, Agenda? agenda)
    {
        foreach (var t in batch.Transitions)
        {
            if (Comment(t, spec, agenda) is { } comment)
            {
                yield return new HistoryLine
                {
                    AtMs = batch.AtMs,
                    Instance = t.Kind is TransitionKind.InstanceStatus or TransitionKind.HostAvoided || (t is { Kind: TransitionKind.TimedOut or TransitionKind.Noted, Seq: < 0 }) ? t.Instance : -1,
                    Item = t.Seq >= 0 && agenda is not null && t.Seq < agenda.Count ? agenda.NameOf(t.Seq) : "",
                    Comment = comment,
                };
            }
        }
    }

    private static string? Comment(Transition t, JobSpec spec, Agenda? agenda) => t.Kind switch
    {
        TransitionKind.JobStatus => $"job state: {t.Status.Name()}",
        TransitionKind.InstanceStatus when t.Status == Status.Registering => $"started on: {t.Host}",
        TransitionKind.InstanceStatus => $"subjob state: {t.Status.Name()}",
        TransitionKind.ItemAssigned when t is { Seq: >= 0, Ahead: false } => $"work state: running subjob: {spec.JobId}.{t.Instance}",
        TransitionKind.ItemStarted => $"work state: running subjob: {spec.JobId}.{t.Instance}",
        TransitionKind.ItemEnded when t.Seq >= 0 && t.Status == Status.Pending => $"work failed with exit code {t.ExitCode}, retried: pending",
        TransitionKind.ItemEnded when t.Seq >= 0 && t.Status != Status.Unknown => $"work state: {t.Status.Name()} subjob: {spec.JobId}.{t.Instance} exit code: {t.ExitCode}",
        TransitionKind.ItemsSet when t.Items is not null && agenda is not null => $"work state: {t.Status.Name()} ({Items(t.Items, agenda)})",
        TransitionKind.TimedOut when t.Ahead => null,
        TransitionKind.TimedOut when t.Seq >= 0 => t.Status == Status.Unknown ? $"work timeout: runs longer than {spec.AgendaTimeoutSeconds} s" : $"work timeout: {t.Status.Name()} after {spec.AgendaTimeLimitSeconds} s",
        TransitionKind.TimedOut when t.Instance >= 0 => $"subjob timeout: runs longer than {spec.TimeoutSeconds} s",
        TransitionKind.TimedOut => t.Status == Status.Unknown ? $"job timeout: runs longer than {spec.TimeoutSeconds} s" : $"job timeout: {t.Status.Name()} after {spec.TimeLimitSeconds} s",
        TransitionKind.HostAvoided => $"migrated: not on {t.Host} for now",
        TransitionKind.InstancesSet => $"instances: {t.Attempt}",
        TransitionKind.Modified => $"modified: {t.Text}",
        TransitionKind.Removed => "removed",
        TransitionKind.Raised => $"event raised: {t.Text}{(t.Instance >= 0 ? $" subjob: {spec.JobId}.{t.Instance}" : "")}",
        TransitionKind.Noted => t.Text,
        _ => null,
    };

    private static string Items(int[] pairs, Agenda agenda)
    {
        var parts = new List<string>();
        for (var index = 0; index + 1 < pairs.Length && parts.Count < 20; index += 2)
        {
            var (first, last) = (Math.Max(0, pairs[index]), Math.Min(pairs[index + 1], agenda.Count - 1));
            if (first <= last)
            {
                parts.Add(first == last ? agenda.NameOf(first) : $"{agenda.NameOf(first)} to {agenda.NameOf(last)}");
            }
        }

        return string.Join(", ", parts) + (pairs.Length > 40 ? ", …" : "");
    }
}

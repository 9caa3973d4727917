using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>How often an instance was tried, and the checks around its runs (spec/jobs.md §6.4, §10).</content>
public sealed partial class JobState
{
    private void CountRuns(JobInstance instance, Transition t)
    {
        // A person's retry begins anew (spec/jobs.md §6.4).
        if (instance.Status.IsTerminal() && t.Verb == JobVerb.Retry)
        {
            instance.Count = 0;
        }

        // A run with items that came to its own end; what a verb has taken off its host and put back is no try.
        if (Items.Count > 0 && instance.IsActive && (t.Status is Status.Complete or Status.Failed || t is { Status: Status.Pending, Verb: JobVerb.Retry }))
        {
            instance.Count++;
        }
    }

    private void EndChecks(JobInstance instance, Transition t)
    {
        // Without items it is the command's end that counts as the try, and this one had none.
        instance.Count += t.Status == Status.Failed && instance.Phase == FlightPhase.Preflights && Items.Count == 0 ? 1 : 0;
        instance.ExitCode = t.Status == Status.Failed ? t.ExitCode : instance.ExitCode;
        instance.Phase = (FlightPhase)t.Flight;
    }
}

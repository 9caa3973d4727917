using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>Time limits (spec/callbacks.md §18): told once a run, at their time, also by a job that lost its memory meanwhile; and what a limit fails.</summary>
public sealed class JobLimitTests
{
    private static readonly Dictionary<string, (Func<ScriptedJob> Before, Action<ScriptedJob> Act, string Told)> Rows = new()
    {
        ["agenda_timeout: not before its time"] = (() => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 })), job => job.After(4.9), ""),
        ["agenda_timeout"] = (() => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 })), job => job.After(5), "timeout-work-1"),
        ["agenda_timeout: once a run"] = (() => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 })), job => job.After(60), "timeout-work-1"),
        ["agenda_timeout: of each item"] = (() => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 }).After(6)), job => job.End(1).After(6),
            "complete-work-1 done-work-1 running-work-2 timeout-work-2"),
        ["agenda_timeout: again in a new run"] = (
            () => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 }).After(6).Verb(JobVerb.Interrupt).End(1, EndOutcome.Stopped).Begin()), job => job.After(6),
            "timeout-work-1"),
        ["agenda_timeout: over a recovery"] = (() => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 }).After(3).Recover()), job => job.After(2), "timeout-work-1"),
        ["agenda_timeout: over while it was away"] = (() => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 })), job => job.Sleep(20).Recover().After(0.1), "timeout-work-1"),
        ["agenda_timeout: told before the recovery"] = (() => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 }).After(6)), job => job.Recover().After(20), ""),
        ["agenda_timeout: not while suspended"] = (
            () => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 5 }).After(3).Verb(JobVerb.Suspend).After(60).Verb(JobVerb.Resume)), job => job.After(1.9).After(0.1),
            "timeout-work-1"),
        ["agenda_timeout: set while it runs"] = (() => Quiet(Items(spec => spec).After(3)), job => job.Modify("""{"agendatimeout":4}""").After(1), "modified-job timeout-work-1"),
        ["agenda_timelimit"] = (() => Quiet(Items(spec => spec with { AgendaTimeLimitSeconds = 5 })), job => job.After(5), "timeout-work-1 failed-work-1 done-work-1"),
        ["agenda_timelimit: told before"] = (() => Quiet(Items(spec => spec with { AgendaTimeoutSeconds = 2, AgendaTimeLimitSeconds = 5 })), job => job.After(5),
            "timeout-work-1 failed-work-1 done-work-1"),
        ["agenda_timelimit: retried"] = (() => Quiet(Items(spec => spec with { AgendaTimeLimitSeconds = 5, RetryWork = 1 })), job => job.After(5), "timeout-work-1 retry-work-1"),
        ["agenda_timelimit: no retry left"] = (
            () => Quiet(Items(spec => spec with { AgendaTimeLimitSeconds = 5, RetryWork = 1 }).After(5).End(1, EndOutcome.Stopped)), job => job.After(5),
            "timeout-work-1 failed-work-1 done-work-1"),
        ["timeout"] = (() => Quiet(Items(spec => spec with { TimeoutSeconds = 5 })), job => job.After(60), "timeout-subjob-0 timeout-job"),
        ["timeout: of the run that is late"] = (() => Quiet(new ScriptedJob(4, 2, spec => spec with { TimeoutSeconds = 5 }).Begin().After(3).Begin(instance: 1)), job => job.After(4),
            "timeout-subjob-0 timeout-job"),
        ["timeout: over a recovery"] = (() => Quiet(Items(spec => spec with { TimeoutSeconds = 5 }).After(3).Recover()), job => job.After(3), "timeout-subjob-0 timeout-job"),
        ["timelimit"] = (() => Quiet(Items(spec => spec with { TimeLimitSeconds = 5 })), job => job.After(60),
            "timeout-job failed-work-1-3 done-work-1-3 failed-subjob-0 done-subjob-0 failed-job done-job"),
        ["timelimit: told before"] = (() => Quiet(new ScriptedJob(0, 1, spec => spec with { TimeoutSeconds = 3, TimeLimitSeconds = 5 }).Begin()), job => job.After(60),
            "timeout-subjob-0 timeout-job failed-subjob-0 done-subjob-0 failed-job done-job"),
        ["timelimit: items retried"] = (() => Quiet(Items(spec => spec with { TimeLimitSeconds = 5, RetryWork = 1 })), job => job.After(5), "timeout-job retry-work-1"),
        ["timelimit: run retried"] = (() => Quiet(new ScriptedJob(0, 1, spec => spec with { TimeLimitSeconds = 5, RetrySubjob = 1 }).Begin()), job => job.After(5),
            "timeout-job retry-subjob-0 pending-subjob-0 pending-job"),
        ["timelimit: no retry left"] = (
            () => Quiet(new ScriptedJob(0, 1, spec => spec with { TimeLimitSeconds = 5, RetrySubjob = 1 }).Begin().After(5).End(0, EndOutcome.Stopped).Begin()), job => job.After(5),
            "timeout-job failed-subjob-0 done-subjob-0 failed-job done-job"),
        ["timelimit: from the run on"] = (() => Quiet(new ScriptedJob(1, 1, spec => spec with { TimeLimitSeconds = 5 })), job => job.After(60), ""),
        ["timelimit: a retried job has its time again"] = (
            () => Quiet(Items(spec => spec with { TimeLimitSeconds = 5 }).After(5).End(1, EndOutcome.Stopped).Verb(JobVerb.Retry).Begin()), job => job.After(4.9), ""),
        ["nothing after the end"] = (() => Quiet(new ScriptedJob(1, 1, spec => spec with { TimeoutSeconds = 5, TimeLimitSeconds = 9, AgendaTimeoutSeconds = 2 }).Begin().End(1)),
            job => job.After(60), ""),
    };

    public static TheoryData<string> Names => new(Rows.Keys);

    internal static IEnumerable<string> Told => Rows.Values.Select(row => row.Told);

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_tell_and_fail_when_something_takes_too_long(string row)
    {
        var (before, act, told) = Rows[row];
        var job = before();

        act(job);

        Assert.Equal(told, job.Look());
    }

    [Fact]
    public void Should_end_the_process_and_count_one_try_when_an_item_is_over_its_limit()
    {
        var job = Items(spec => spec with { AgendaTimeLimitSeconds = 5, RetryWork = 1 });
        job.Look();

        job.After(5);
        var stop = Assert.Single(job.Sent<WorkerMessages.StopItems>());
        Assert.Equal((true, "0,1"), (stop.Kill, string.Join(',', stop.Items!)));
        Assert.Equal((Status.Pending, 1), (job.State.Items.StatusOf(0), job.State.Items.RecordOf(0).Count));
        job.End(1, EndOutcome.Stopped);
        Assert.Equal((Status.Running, 1), (job.State.Items.StatusOf(0), job.State.Items.RecordOf(0).Count));
        job.After(5).End(1, EndOutcome.Stopped);
        Assert.Equal((Status.Failed, 2), (job.State.Items.StatusOf(0), job.State.Items.RecordOf(0).Count));
    }

    private static ScriptedJob Items(Func<JobSpec, JobSpec> change) => new ScriptedJob(3, 1, change).Begin();

    private static ScriptedJob Quiet(ScriptedJob job)
    {
        job.Look();
        return job;
    }
}

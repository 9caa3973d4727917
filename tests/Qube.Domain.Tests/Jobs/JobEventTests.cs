using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>The emission table of spec/callbacks.md §20, row by row: what is told of items, instances and the job, in which order, and that nothing
/// else is.</summary>
public sealed class JobEventTests
{
    private static readonly Dictionary<string, (Func<ScriptedJob> Before, Action<ScriptedJob> Act, string Told)> Rows = new()
    {
        ["submit"] = (() => new ScriptedJob(1), _ => { }, "submit-job pending-job"),
        ["submit blocked"] = (() => new ScriptedJob(1, change: spec => spec with { Blocked = true }), _ => { }, "submit-job blocked-job"),

        // Dispatch, run, end.
        ["assigned, item handed out"] = (() => Quiet(new ScriptedJob(3)), job => job.Grant(), "assigned-subjob-0 assigned-job running-work-1"),
        ["running"] = (() => Quiet(new ScriptedJob(3).Grant()), job => job.Start(), "running-subjob-0 running-job"),
        ["second instance"] = (() => Quiet(new ScriptedJob(3, 2).Begin()), job => job.Begin(instance: 1),
            "assigned-subjob-1 assigned-job running-work-2 running-subjob-1"),
        ["began and ended in one report"] = (() => Quiet(new ScriptedJob(1).Grant()), job => job.End(1),
            "running-subjob-0 running-job complete-work-1 done-work-1 complete-subjob-0 done-subjob-0 complete-job done-job"),
        ["began and ended in one batch"] = (() => Quiet(new ScriptedJob(0).Grant()), job => job.Together(all => all.Start().End()),
            "running-subjob-0 running-job complete-subjob-0 done-subjob-0 complete-job done-job"),
        ["said again"] = (() => Quiet(new ScriptedJob(3).Begin()), job => job.Start().Start(), ""),
        ["item complete"] = (() => Quiet(new ScriptedJob(3).Begin()), job => job.End(1), "complete-work-1 done-work-1 running-work-2"),
        ["item failed"] = (() => Quiet(new ScriptedJob(3).Begin()), job => job.End(1, EndOutcome.Failed), "failed-work-1 done-work-1 running-work-2"),
        ["item retried by itself"] = (() => Quiet(new ScriptedJob(3, change: spec => spec with { RetryWork = 1 }).Begin()), job => job.End(1, EndOutcome.Failed),
            "retry-work-1 running-work-1"),
        ["item retried by itself, elsewhere"] = (
            () => Quiet(new ScriptedJob(3, change: spec => spec with { RetryWork = 1, Flags = JobFlags.MigrateOnFrameRetry }).Begin()), job => job.End(1, EndOutcome.Failed),
            "retry-work-1 migrated-subjob-0 pending-subjob-0 pending-job"),
        ["told to wait"] = (() => Quiet(new ScriptedJob(3, change: spec => spec with { BlockedItems = [1, 2] }).Begin()), job => job.End(1),
            "complete-work-1 done-work-1 waiting-subjob-0 blocked-job"),
        ["freed while it waits"] = (() => Quiet(new ScriptedJob(3, change: spec => spec with { BlockedItems = [1, 2] }).Begin().End(1)),
            job => job.Verb(JobVerb.Unblock, VerbScope.Work, items: ["2"], callback: true),
            "unblocked-work-2 pending-work-2 running-work-2 running-subjob-0 unblocked-job running-job"),
        ["waited in vain"] = (() => Quiet(new ScriptedJob(3, change: spec => spec with { BlockedItems = [1, 2] }).Begin().End(1)), job => job.After(11),
            "pending-subjob-0 blocked-subjob-0"),
        ["last item"] = (() => Quiet(new ScriptedJob(1, 2).Begin()), job => job.End(1),
            "complete-work-1 done-work-1 complete-subjob-0 done-subjob-0 complete-subjob-1 done-subjob-1 complete-job done-job"),
        ["last item failed"] = (() => Quiet(new ScriptedJob(1).Begin()), job => job.End(1, EndOutcome.Failed),
            "failed-work-1 done-work-1 complete-subjob-0 done-subjob-0 failed-job done-job"),
        ["no agenda: assigned"] = (() => Quiet(new ScriptedJob(0)), job => job.Grant(), "assigned-subjob-0 assigned-job"),
        ["no agenda: running"] = (() => Quiet(new ScriptedJob(0).Grant()), job => job.Start(), "running-subjob-0 running-job"),
        ["no agenda: complete"] = (() => Quiet(new ScriptedJob(0).Begin()), job => job.End(), "complete-subjob-0 done-subjob-0 complete-job done-job"),
        ["no agenda: failed"] = (() => Quiet(new ScriptedJob(0).Begin()), job => job.End(0, EndOutcome.Failed), "failed-subjob-0 done-subjob-0 failed-job done-job"),
        ["no agenda: retried by itself"] = (() => Quiet(new ScriptedJob(0, change: spec => spec with { RetrySubjob = 1 }).Begin()), job => job.End(0, EndOutcome.Failed),
            "retry-subjob-0 pending-subjob-0 pending-job"),
        ["host lost"] = (() => Quiet(new ScriptedJob(3).Begin()), job => job.LoseHost(), "pending-work-1 pending-subjob-0 pending-job"),

        // Verbs that hold, end and begin anew.
        ["kill"] = (() => Quiet(new ScriptedJob(3).Begin().End(1)), job => job.Verb(JobVerb.Kill),
            "killed-work-2-3 done-work-2-3 killed-subjob-0 done-subjob-0 killed-job done-job"),
        ["kill: its process ends later"] = (() => Quiet(new ScriptedJob(3).Begin().Verb(JobVerb.Kill)), job => job.End(1, EndOutcome.Stopped), ""),
        ["kill what has ended"] = (() => Quiet(new ScriptedJob(1).Begin().End(1)), job => job.Verb(JobVerb.Kill, VerbScope.Both), ""),
        ["fail"] = (() => Quiet(new ScriptedJob(2)), job => job.Verb(JobVerb.Fail), "failed-work-1-2 done-work-1-2 failed-subjob-0 done-subjob-0 failed-job done-job"),
        ["block"] = (() => Quiet(new ScriptedJob(2).Begin()), job => job.Verb(JobVerb.Block), "pending-work-1 blocked-subjob-0 blocked-job"),
        ["block, items too"] = (() => Quiet(new ScriptedJob(2).Begin()), job => job.Verb(JobVerb.Block, VerbScope.Both), "blocked-work-1-2 blocked-subjob-0 blocked-job"),
        ["unblock"] = (() => Quiet(new ScriptedJob(2).Verb(JobVerb.Block)), job => job.Verb(JobVerb.Unblock),
            "unblocked-subjob-0 pending-subjob-0 unblocked-job pending-job"),
        ["unblock, items too"] = (() => Quiet(new ScriptedJob(2).Verb(JobVerb.Block, VerbScope.Both)), job => job.Verb(JobVerb.Unblock, VerbScope.Both),
            "unblocked-work-1-2 pending-work-1-2 unblocked-subjob-0 pending-subjob-0 unblocked-job pending-job"),
        ["retry"] = (() => Quiet(new ScriptedJob(2).Verb(JobVerb.Kill)), job => job.Verb(JobVerb.Retry),
            "retry-work-1-2 pending-work-1-2 retry-subjob-0 pending-subjob-0 pending-job"),
        ["retry one item"] = (() => Quiet(new ScriptedJob(2).Verb(JobVerb.Kill)), job => job.Verb(JobVerb.Retry, VerbScope.Work, items: ["2"]),
            "retry-work-2 pending-work-2 pending-subjob-0 pending-job"),
        ["requeue"] = (() => Quiet(new ScriptedJob(2).Verb(JobVerb.Kill)), job => job.Verb(JobVerb.Requeue), "blocked-work-1-2 blocked-subjob-0 blocked-job"),
        ["complete an item"] = (() => Quiet(new ScriptedJob(2)), job => job.Verb(JobVerb.Retire, VerbScope.Work, items: ["1"]), "complete-work-1 done-work-1"),
        ["retire, nothing on a host"] = (() => Quiet(new ScriptedJob(2)), job => job.Verb(JobVerb.Retire), "complete-subjob-0 done-subjob-0 complete-job done-job"),
        ["retire: after the item"] = (() => Quiet(new ScriptedJob(2).Begin().Verb(JobVerb.Retire)), job => job.End(1),
            "complete-work-1 done-work-1 complete-subjob-0 done-subjob-0 complete-job done-job"),
        ["killed and retried in one batch"] = (() => Quiet(new ScriptedJob(1)), job => job.Together(all => all.Verb(JobVerb.Kill).Verb(JobVerb.Retry)),
            "killed-work-1 done-work-1 killed-subjob-0 done-subjob-0 killed-job done-job retry-work-1 pending-work-1 retry-subjob-0 pending-subjob-0 pending-job"),

        // Verbs that take off and stop.
        ["interrupt"] = (() => Quiet(new ScriptedJob(3).Begin()), job => job.Verb(JobVerb.Interrupt), "pending-work-1 interrupted-subjob-0 pending-subjob-0 pending-job"),
        ["migrate"] = (() => Quiet(new ScriptedJob(3).Begin()), job => job.Verb(JobVerb.Migrate), "pending-work-1 migrated-subjob-0 pending-subjob-0 pending-job"),
        ["preempt: not yet"] = (() => Quiet(new ScriptedJob(3).Begin()), job => job.Verb(JobVerb.Preempt), ""),
        ["preempt: after the item"] = (() => Quiet(new ScriptedJob(3).Begin().Verb(JobVerb.Preempt)), job => job.End(1),
            "complete-work-1 done-work-1 preempted-subjob-0 pending-subjob-0 pending-job"),
        ["preempt: the last item"] = (() => Quiet(new ScriptedJob(1).Begin().Verb(JobVerb.Preempt)), job => job.End(1),
            "complete-work-1 done-work-1 complete-subjob-0 done-subjob-0 complete-job done-job"),
        ["preempt, no agenda"] = (() => Quiet(new ScriptedJob(0).Begin().Verb(JobVerb.Preempt)), job => job.End(0, EndOutcome.Stopped),
            "preempted-subjob-0 pending-subjob-0 pending-job"),
        ["preempt, then kill"] = (() => Quiet(new ScriptedJob(1).Begin().Verb(JobVerb.Preempt).Verb(JobVerb.Kill)), job => job.End(1, EndOutcome.Stopped), ""),
        ["interrupt what is pending"] = (() => Quiet(new ScriptedJob(3)), job => job.Verb(JobVerb.Interrupt).Verb(JobVerb.Preempt).Verb(JobVerb.Migrate).Verb(JobVerb.Suspend), ""),
        ["suspend"] = (() => Quiet(new ScriptedJob(3, 2).Begin()), job => job.Verb(JobVerb.Suspend), "suspended-subjob-0 suspended-subjob-1 suspended-job"),
        ["resume"] = (() => Quiet(new ScriptedJob(3, 2).Begin().Verb(JobVerb.Suspend)), job => job.Verb(JobVerb.Resume),
            "resumed-subjob-0 running-subjob-0 resumed-subjob-1 pending-subjob-1 resumed-job running-job"),
        ["suspend one"] = (() => Quiet(new ScriptedJob(3, 2).Begin().Begin(instance: 1)), job => job.Verb(JobVerb.Suspend, instances: [1]), "suspended-subjob-1"),
        ["interrupt what is suspended"] = (() => Quiet(new ScriptedJob(3).Begin().Verb(JobVerb.Suspend)), job => job.Verb(JobVerb.Interrupt),
            "pending-work-1 interrupted-subjob-0 pending-subjob-0 pending-job"),

        // Attributes and the end.
        ["modify"] = (() => Quiet(new ScriptedJob(1)), job => job.Modify("""{"priority":5}"""), "modified-job"),
        ["modify to what it is"] = (() => Quiet(new ScriptedJob(1).Modify("""{"priority":5,"prod_show":1}""")), job => job.Modify("""{"priority":"5","prod_show":1}"""), ""),
        ["modify, refused"] = (() => Quiet(new ScriptedJob(1)), job => job.Modify("""{"priority":"high"}""").Modify("""{"status":"complete"}"""), ""),
        ["top is no modification"] = (() => Quiet(new ScriptedJob(1)), job => job.Verb(JobVerb.Top).Verb(JobVerb.Shove), ""),
        ["remove"] = (() => Quiet(new ScriptedJob(1).Verb(JobVerb.Kill)), job => job.Verb(JobVerb.Remove), "removed-job"),
        ["remove twice"] = (() => Quiet(new ScriptedJob(1).Verb(JobVerb.Kill).Verb(JobVerb.Remove)), job => job.Verb(JobVerb.Remove), ""),
        ["remove what has not ended"] = (() => Quiet(new ScriptedJob(1)), job => job.Verb(JobVerb.Remove), ""),
    };

    public static TheoryData<string> Names => new(Rows.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_tell_what_the_table_says_when_it_happens(string row)
    {
        var (before, act, told) = Rows[row];
        var job = before();

        act(job);

        Assert.Equal(told, job.Look());
    }

    /// <summary>Every name of spec/callbacks.md §4 that can occur, for every type for which it can.</summary>
    [Theory]
    [InlineData("job", "submit complete failed killed done blocked running pending assigned removed modified timeout unblocked suspended resumed")]
    [InlineData("subjob", "complete failed killed done blocked running waiting assigned timeout pending unblocked suspended resumed retry preempted interrupted migrated")]
    [InlineData("work", "complete failed killed done blocked running timeout pending unblocked retry")]
    public void Should_leave_no_event_untold_when_all_rows_are_taken_together(string type, string names)
    {
        // What the rows expect, each of which is checked by itself.
        var told = Rows.Values.Select(row => row.Told).Concat(JobLimitTests.Told).SelectMany(text => text.Split(' '))
            .Select(text => string.Join('-', text.Split('-').Take(2))).ToHashSet(StringComparer.Ordinal);

        Assert.All(names.Split(' '), name => Assert.Contains($"{name}-{type}", told));
    }

    private static ScriptedJob Quiet(ScriptedJob job)
    {
        job.Look();
        return job;
    }
}

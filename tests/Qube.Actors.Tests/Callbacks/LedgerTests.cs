using System.Globalization;
using Qube.Actors.Callbacks;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.Callbacks;

/// <summary>The ledger as data: what is folded live, what a restart folds again, and what is read from the log alone.</summary>
public sealed class LedgerTests
{
    private static readonly JobSpec Spec = new()
    {
        JobId = new(12),
        Callbacks =
        [
            new CallbackSpec { Id = 1, Triggers = "complete-work-11-*", Language = "python", Code = "print(1)", User = "ann" },
            new CallbackSpec { Id = 2, Triggers = "complete-work-11-1 && complete-job-11", Language = "qube", Code = "unblock-self", User = "ann" },
        ],
    };

    private readonly CallbackFold fold = new(Spec);
    private readonly List<LogEntry> log = [];

    [Fact]
    public void Should_keep_the_newest_and_read_the_others_from_the_log_when_firings_are_many()
    {
        for (var n = 1; n <= 2_500; n++)
        {
            Write(new CallbackEvents.Folded { AtMs = n, Matches = [Item(n)] }, new CallbackEvents.Folded { AtMs = n, Finished = [End(n, FiringEnd.Done)] });
        }

        Assert.Equal((1_000, 1_500), (fold.Firings.Count, fold.Forgotten));
        var ids = new List<string>();
        var query = new LedgerMessages.GetFirings { JobId = Spec.JobId, Limit = 400 };
        do
        {
            var page = new LedgerReader(Spec, query).Read(log).Page([]);
            Assert.InRange(page.Rows.Length, 1, 400);
            Assert.All(page.Rows, row => Assert.Equal((FiringState.Done, "completed", 1), (row.State, row.Outcome, row.Attempts.Length)));
            ids.AddRange(page.Rows.Select(row => row.Id));
            query = query with { Before = page.Next };
        }
        while (query.Before > 0);

        Assert.Equal(Enumerable.Range(1, 2_500).Reverse().Select(Id), ids);
        var oldest = new LedgerReader(Spec, new() { Firing = Id(7), Limit = 1 }).Read(log).Page([]);
        Assert.Equal(("complete-work-11-7", 7, "job-11"), (oldest.Rows[0].Event, oldest.Rows[0].SequenceNr, oldest.Rows[0].Log));
    }

    [Fact]
    public void Should_mark_what_ran_again_and_count_both_attempts_when_a_run_was_cut_off()
    {
        Write(new CallbackEvents.Folded { AtMs = 5, Matches = [Item(1)], Started = [Start(1, 1, isAgain: false)], Node = "n1" });

        // Here the node died: the life after it begins anew what had begun.
        var again = new CallbackFold(Spec);
        log.ForEach(entry => again.Replay(entry.Event));
        var record = Assert.Single(again.Firings.Values);
        Assert.Equal((FiringState.Running, false, 1), (record.State, record.Done, record.Attempts.Count));
        Write(new CallbackEvents.Folded { AtMs = 90, Started = [Start(1, 2, isAgain: true)], Node = "n2" }, new CallbackEvents.Folded { AtMs = 99, Finished = [End(1, FiringEnd.Failed)], Node = "n2" });

        var row = Assert.Single(new LedgerReader(Spec, new() { Limit = 10 }).Read(log).Page([]).Rows);
        Assert.Equal(FiringState.Failed, row.State);
        Assert.Equal(
            [(1, "n1", false, 0L), (2, "n2", true, 99L)],
            row.Attempts.Select(attempt => (attempt.Number, attempt.Node, attempt.IsAgain, attempt.EndedMs)));
    }

    [Fact]
    public void Should_open_it_again_under_a_new_key_when_a_firing_is_done_again_by_hand_even_a_forgotten_one()
    {
        for (var n = 1; n <= 1_200; n++)
        {
            Write(new CallbackEvents.Folded { AtMs = n, Matches = [Item(n)] }, new CallbackEvents.Folded { AtMs = n, Finished = [End(n, FiringEnd.Dead)] });
        }

        var old = new LedgerReader(Spec, new() { Firing = Id(3), Limit = 1 }).Read(log).Only;
        Assert.NotNull(old);
        Assert.False(fold.FiringOrder.ContainsKey(Id(3)));
        var refired = CallbackFold.RefiredOf(old, new() { Firing = Id(3), User = "bob", RequestId = "r1" }, 5_000);
        Write(new CallbackEvents.Folded { AtMs = 5_000, Refired = [refired] });

        var record = fold.Firings[fold.FiringOrder[Id(3)]];
        Assert.Equal((FiringState.Pending, Id(3) + "#2", "bob", "3"), (record.State, record.Key, record.User, record.Firing.Current));
        Assert.Equal(record, fold.ByKey(Id(3) + "#2"));
        Assert.Equal(2, fold.Answered("r1")?.Attempt);

        Write(new CallbackEvents.Folded { AtMs = 6_000, Finished = [End(3, FiringEnd.Done)] });
        var row = Assert.Single(new LedgerReader(Spec, new() { Firing = Id(3), Limit = 1 }).Read(log).Page([]).Rows);
        Assert.Equal((FiringState.Done, 3L, "bob"), (row.State, row.Order, row.Attempts[^1].User));
    }

    [Fact]
    public void Should_say_which_event_met_each_leaf_when_a_conjunction_fires()
    {
        Write(new CallbackEvents.Folded { AtMs = 10, Matches = [new() { Callback = 2, Patterns = [0], Source = 11, SequenceNr = 4, Ordinal = 1, Names = ["1"] }] });
        Write(new CallbackEvents.Folded { AtMs = 20, Matches = [new() { Callback = 2, Patterns = [1], Source = 11, SequenceNr = 9 }] });

        var row = Assert.Single(new LedgerReader(Spec, new() { Callback = 2, Limit = 1 }).Read(log).Page([]).Rows);
        Assert.Equal(
            [("complete-work-11-1", 10L, 4L, "1"), ("complete-job-11", 20L, 9L, "")],
            row.Leaves.Select(leaf => (leaf.Pattern, leaf.AtMs, leaf.SequenceNr, leaf.Item)));
    }

    private static string Id(int item) => string.Create(CultureInfo.InvariantCulture, $"12/1/11/{item}/0/{item}");

    private static CallbackEvents.Match Item(int n) => new() { Callback = 1, Patterns = [0], Source = 11, SequenceNr = n, Intervals = [n, n] };

    private static CallbackEvents.Started Start(int item, int attempt, bool isAgain) => new() { Firing = Id(item), Attempt = attempt, Run = 1, AtMs = 5, IsAgain = isAgain };

    private static CallbackEvents.Finished End(int item, FiringEnd end) => new() { Firing = Id(item), Outcome = "completed", StartedMs = item, EndedMs = 99, End = end, Run = 1 };

    private void Write(params CallbackEvents.Folded[] written)
    {
        foreach (var folded in written)
        {
            log.Add(new LogEntry(log.Count + 1, folded));
            fold.Replay(folded);
        }
    }
}

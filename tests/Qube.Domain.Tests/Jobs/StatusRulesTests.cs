using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Xunit;

namespace Qube.Domain.Tests.Jobs;

/// <summary>Status derivation (spec/jobs.md §6.3), against the spec's table written down once more over lists of members.</summary>
public sealed class StatusRulesTests
{
    [Theory]
    [InlineData("running,complete,failed", "running")]
    [InlineData("registering,blocked", "running")]
    [InlineData("pending,blocked,complete", "pending")]
    [InlineData("waiting,blocked", "waiting")]
    [InlineData("suspended,badlogin", "suspended")]
    [InlineData("badlogin,blocked", "badlogin")]
    [InlineData("complete,blocked", "blocked")]
    [InlineData("complete,killed,failed", "failed")]
    [InlineData("complete,killed", "killed")]
    [InlineData("complete,complete", "complete")]
    public void Should_take_the_first_that_applies_when_members_differ(string members, string expected) =>
        Assert.Equal(expected, StatusRules.Aggregate(Count(Read(members))).Name());

    [Theory]
    [InlineData("complete,failed", "complete", "complete")] // Instance failures are ignored when every item is complete.
    [InlineData("complete", "complete,failed", "failed")]
    [InlineData("complete", "complete,killed", "killed")]
    [InlineData("running", "complete,complete", "running")]
    [InlineData("running,blocked", "blocked,pending", "running")]
    [InlineData("blocked,blocked", "pending", "blocked")]
    [InlineData("pending", "complete,blocked", "blocked")]
    [InlineData("failed,complete", "pending", "failed")]
    [InlineData("killed,complete", "pending", "killed")]
    [InlineData("complete,complete", "pending", "complete")] // Retired with items left.
    [InlineData("pending,complete", "pending,complete", "pending")]
    public void Should_follow_the_table_when_a_job_has_an_agenda(string instances, string items, string expected)
    {
        var members = Read(instances);
        Assert.Equal(expected, StatusRules.OfJob(Count(members), members.Length, Count(Read(items))).Name());
    }

    [Property(MaxTest = 1000)]
    public Property Should_agree_with_the_table_whatever_the_members() => Prop.ForAll(
        Statuses(1).ToArbitrary(),
        Statuses(0).ToArbitrary(),
        (instances, items) =>
        {
            var expected = items.Length == 0 ? Naive(NotStarted(instances)) : NaiveJob(instances, items);
            var actual = StatusRules.OfJob(Count(instances), instances.Length, items.Length == 0 ? null : Count(items));
            return (actual == expected).Label($"instances {string.Join(',', instances)}, items {string.Join(',', items)}: expected {expected}, seen {actual}");
        });

    private static Gen<Status[]> Statuses(int least) =>
        from count in Gen.Choose(least, 5)
        from members in Gen.ArrayOf(
            Gen.Elements(
                Status.Pending, Status.Blocked, Status.Waiting, Status.Registering, Status.Running, Status.Suspended, Status.Dying, Status.Badlogin, Status.Complete, Status.Failed, Status.Killed),
            count)
        select members;

    private static Status Naive(Status[] members)
    {
        if (members.Any(status => status is Status.Running or Status.Registering or Status.Dying))
        {
            return Status.Running;
        }

        foreach (var status in (Status[])[Status.Pending, Status.Waiting, Status.Suspended, Status.Badlogin, Status.Blocked])
        {
            if (members.Contains(status))
            {
                return status;
            }
        }

        return members.Contains(Status.Failed) ? Status.Failed : members.Contains(Status.Killed) ? Status.Killed : Status.Complete;
    }

    /// <summary>An item handed out ahead, or an instance that is on its way to its host, has not started: pending to everybody.</summary>
    private static Status[] NotStarted(Status[] members) => [.. members.Select(status => status == Status.Registering ? Status.Pending : status)];

    private static Status NaiveJob(Status[] instances, Status[] items)
    {
        var agenda = Naive(NotStarted(items));
        var busy = instances.Any(status => status is Status.Running or Status.Dying);
        if (agenda.IsTerminal() && !busy)
        {
            return agenda;
        }

        if (busy)
        {
            return Status.Running;
        }

        if (instances.All(status => status == Status.Blocked) || agenda == Status.Blocked)
        {
            return Status.Blocked;
        }

        if (instances.All(status => status.IsTerminal()))
        {
            return instances.Contains(Status.Failed) ? Status.Failed : instances.Contains(Status.Killed) ? Status.Killed : Status.Complete;
        }

        return instances.Contains(Status.Suspended) ? Status.Suspended : Status.Pending;
    }

    private static Func<Status, int> Count(Status[] members) => status => members.Count(member => member == status);

    private static Status[] Read(string words) =>
        [.. words.Split(',').Select(word => StatusNames.TryParse(word, out var status) ? status : throw new ArgumentException(word))];
}

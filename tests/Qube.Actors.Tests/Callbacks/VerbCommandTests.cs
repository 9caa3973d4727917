using Qube.Actors.Callbacks;
using Qube.Contracts;
using Qube.Domain.Submissions;
using Qube.Triggers;
using Xunit;

namespace Qube.Actors.Tests.Callbacks;

/// <summary>Every verb of spec/callbacks.md §11 is the command that it says; what commands do is tested with the job.</summary>
public sealed class VerbCommandTests
{
    private static readonly Dictionary<string, string> Commands = new()
    {
        ["unblock-self"] = "Unblock Job",
        ["block-self"] = "Block Job",
        ["fail-self"] = "Fail Job",
        ["kill-self"] = "Kill Job",
        ["migrate-self"] = "Migrate Job",
        ["preempt-self"] = "Preempt Job",
        ["interrupt-self"] = "Interrupt Job",
        ["suspend-self"] = "Suspend Job",
        ["resume-self"] = "Resume Job",
        ["block-work-self"] = "Block Work 3",
        ["unblock-work-self"] = "Unblock Work 3",
        ["kill-work-self"] = "Kill Work 3",
        ["retry-work-self"] = "Retry Work 3",
        ["requeue-work-self"] = "Requeue Work 3",
        ["complete-work-self"] = "Retire Work 3",
        ["fail-work-self"] = "Fail Work 3",
        ["unblock-subjob-self"] = "Unblock Job .1",
        ["unblock-subjob-self-single"] = "Unblock Job .1 single",
        ["block-subjob-self"] = "Block Job .1",
        ["fail-subjob-self"] = "Fail Job .1",
        ["kill-subjob-self"] = "Kill Job .1",
        ["migrate-subjob-self"] = "Migrate Job .1",
        ["preempt-subjob-self"] = "Preempt Job .1",
        ["interrupt-subjob-self"] = "Interrupt Job .1",
        ["suspend-subjob-self"] = "Suspend Job .1",
        ["resume-subjob-self"] = "Resume Job .1",
    };

    public static TheoryData<string> Verbs => new(QubeVerbs.All.Where(verb => !verb.StartsWith("mail-", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Should_be_the_command_that_it_says_when_a_verb_is_fired(string verb)
    {
        var works = verb.Contains("-work-", StringComparison.Ordinal) ? NameSet.Of("3") : NameSet.Empty;
        var instances = verb.Contains("-subjob-", StringComparison.Ordinal) ? NameSet.Of("1") : NameSet.Empty;
        var firing = new Firing(1, new EventCause("250", 4, 0), works, instances, null);

        var command = VerbCommand.Of(new JobId(250), new FiringRecord("250/1/4/0", 1, new CallbackSpec { Id = 1, Language = "qube", Code = verb, User = "ann" }, firing, "", 250, 7, 0));

        Assert.Equal(Commands[verb], command is null ? "" : Text(command));
        Assert.Equal(("250/1/4/0", "ann", 7, true), (command!.RequestId, command.User, command.Depth, command.FromCallback));
    }

    private static string Text(JobMessages.ControlJob command) =>
        $"{command.Verb} {command.Scope}{(command.Intervals.Length > 0 ? $" {command.Intervals[0]}" : "")}{string.Concat(command.Instances.Select(id => $" .{id}"))}{(command.OnlyOne ? " single" : "")}";
}

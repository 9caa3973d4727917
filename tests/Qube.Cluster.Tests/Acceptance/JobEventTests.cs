using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Acceptance;

/// <summary>Events and verbs of jobs through a real farm (spec/callbacks.md §11, §18, §20); row by row they are tested with the job's rules.</summary>
[Collection(SharedFarm.Collection)]
public sealed class JobEventTests(SharedFarm shared)
{
    [Theory]
    [InlineData("taken_off")]
    [InlineData("stopped")]
    [InlineData("migrated")]
    [InlineData("held_back")]
    [InlineData("instances")]
    [InlineData("late")]
    [InlineData("modified")]
    [InlineData("removed")]
    public Task Should_tell_and_do_what_the_verb_says_when_it_is_given(string what) => PythonScript.Run(shared.Farm, "jobevents.py", what);

    [Fact]
    public async Task Should_find_it_suspended_when_the_node_was_killed_meanwhile()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 2 });
        var said = (await PythonScript.Run(farm, "jobevents.py", "hold")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        farm.KillNode();
        await Eventually.Get("the node dead", () => farm.Pid, pid => pid == 0);
        await farm.StartAgain();

        await PythonScript.Run(farm, "jobevents.py", "held", said[1], said[0]);
    }
}

using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Acceptance;

/// <summary>Wildcards, words, clocks, the past and repetition.</summary>
[Collection(SharedFarm.Collection)]
public sealed class TriggerTests(SharedFarm shared)
{
    [Fact]
    public Task Should_unblock_a_thousand_frames_when_one_wildcard_callback_names_them() => PythonScript.Run(shared.Farm, "wildcards.py", "thousand", "qube");

    /// <summary>Joined is what a verb on items acts on (design §5); python code is told of a firing, not of a set of items.</summary>
    [Fact]
    public Task Should_join_by_name_when_two_wildcards_are_one_condition() => PythonScript.Run(shared.Farm, "wildcards.py", "joined", "qube");

    [Theory]
    [InlineData("qube")]
    [InlineData("python")]
    public Task Should_read_and_as_an_operator_when_items_have_blanks_in_their_names(string language) =>
        PythonScript.Run(shared.Farm, "wildcards.py", "words", language);

    [Theory]
    [InlineData("qube")]
    [InlineData("python")]
    public Task Should_not_start_before_its_time_when_the_start_is_delayed(string language) => PythonScript.Run(shared.Farm, "past.py", "delayed", language);

    [Theory]
    [InlineData("qube")]
    [InlineData("python")]
    public Task Should_start_when_what_it_waits_for_had_already_completed(string language) => PythonScript.Run(shared.Farm, "past.py", "completed", language);

    [Theory]
    [InlineData("qube")]
    [InlineData("python")]
    public Task Should_fire_again_when_its_cause_is_run_again(string language) => PythonScript.Run(shared.Farm, "past.py", "again", language);

    [Fact]
    public Task Should_hold_the_order_when_jobs_have_dependencies() => PythonScript.Run(shared.Farm, "dependencies.py");
}

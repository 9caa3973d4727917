using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Acceptance;

/// <summary>One machine: what frames are given, what becomes of what they say and how they end.</summary>
[Collection(SharedFarm.Collection)]
public sealed class MachineTests(SharedFarm shared)
{
    [Fact]
    public Task Should_return_what_was_submitted_when_asked_for_it() => PythonScript.Run(shared.Farm, "attributes.py");

    [Fact]
    public Task Should_give_frames_what_they_are_promised_when_they_run() => PythonScript.Run(shared.Farm, "processes.py");

    [Fact]
    public Task Should_run_again_as_often_as_allowed_when_items_or_instances_fail() => PythonScript.Run(shared.Farm, "retries.py");

    [Fact]
    public Task Should_keep_locks_priorities_and_reservations_when_it_places() => PythonScript.Run(shared.Farm, "placement.py");

    [Fact]
    public Task Should_answer_with_the_same_ids_when_a_submission_is_sent_again() => PythonScript.Run(shared.Farm, "repeated.py");
}

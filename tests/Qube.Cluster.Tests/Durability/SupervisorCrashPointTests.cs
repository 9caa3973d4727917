using Qube.Contracts;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>The promises at the crash points of the supervisor.</summary>
public sealed class SupervisorCrashPointTests : CrashPointTests
{
    public static TheoryData<string> Points => [.. CrashPointNames.Supervisor];

    [Theory]
    [MemberData(nameof(Points))]
    public Task Should_keep_every_promise_when_the_node_dies_at(string point) => Keep(point);

    [Theory]
    [InlineData(CrashPointNames.JobRecovered)]
    [InlineData(CrashPointNames.CallbacksRecovered)]
    [InlineData(CrashPointNames.CallbackAfterCommit)]
    public Task Should_keep_every_promise_when_a_recovering_node_dies_at(string point) => KeepWhenRecovering(point);
}

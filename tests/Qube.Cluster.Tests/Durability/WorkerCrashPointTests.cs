using Qube.Actors.Workers;
using Qube.Contracts;
using Xunit;

namespace Qube.Cluster.Tests.Durability;

/// <summary>The promises at the crash points of the worker and of the launcher.</summary>
public sealed class WorkerCrashPointTests : CrashPointTests
{
    public static TheoryData<string> Points => [.. WorkerCrashPoints.All];

    public static TheoryData<string> LauncherPoints => [.. CrashPointNames.Launcher];

    [Theory]
    [MemberData(nameof(Points))]
    public Task Should_keep_every_promise_when_the_node_dies_at(string point) => Keep(point);

    [Theory]
    [MemberData(nameof(LauncherPoints))]
    public Task Should_keep_every_promise_when_the_launcher_dies_at(string point) => Keep(point);
}

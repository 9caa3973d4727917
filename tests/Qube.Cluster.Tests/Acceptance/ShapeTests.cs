using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Acceptance;

/// <summary>The dependency shapes of the callbacks page, with verbs and with python code.</summary>
[Collection(SharedFarm.Collection)]
public sealed class ShapeTests(SharedFarm shared)
{
    [Theory]
    [InlineData("job", "qube")]
    [InlineData("job", "python")]
    [InlineData("frame", "qube")]
    [InlineData("frame", "python")]
    [InlineData("and", "qube")]
    [InlineData("and", "python")]
    [InlineData("or", "qube")]
    [InlineData("or", "python")]
    public Task Should_hold_the_order_when_a_callback_unblocks(string shape, string language) => PythonScript.Run(shared.Farm, "shapes.py", shape, language);
}

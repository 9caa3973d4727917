using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Acceptance;

/// <summary>Submissions that are refused as a whole.</summary>
[Collection(SharedFarm.Collection)]
public sealed class RefusalTests(SharedFarm shared)
{
    [Fact]
    public Task Should_say_why_and_create_nothing_when_a_submission_is_wrong() => PythonScript.Run(shared.Farm, "refusals.py");

    [Fact]
    public async Task Should_refuse_the_callback_when_its_language_is_switched_off()
    {
        await using var farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 2, Options = ["--languages", "qube"] });

        await PythonScript.Run(farm, "disabled.py");
    }
}

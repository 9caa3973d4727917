namespace Qube.Load;

/// <summary>Takes a scenario through its phases.</summary>
internal static class ScenarioRunner
{
    public static async Task<IReadOnlyList<Figure>> Run(Scenario scenario, Action<string> say)
    {
        try
        {
            say($"{scenario.Name}: {scenario.Title}");
            await scenario.Init();
            await scenario.WarmUp();
            for (var round = 1; round <= scenario.Rounds; round++)
            {
                foreach (var step in scenario.Steps)
                {
                    say($"{scenario.Name}: round {round} of {scenario.Rounds}: {step.Name}");
                    await step.Run();
                }
            }

            return await scenario.Judge();
        }
        finally
        {
            await scenario.Clean();
        }
    }
}

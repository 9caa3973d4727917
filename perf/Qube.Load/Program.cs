using Qube.Load;
using Qube.Load.Measure;
using Qube.Load.Scenarios;

LoadOptions options;
try
{
    options = LoadOptions.Parse(args);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync(wrong.Message);
    return 2;
}

Commits.Watch();
var loadAtStart = Machine.Load;
var durability = "";
var figures = new List<Figure>();
var failed = false;

async Task Try(Func<Task> work)
{
    try
    {
        await work();
    }
#pragma warning disable CA1031 // Whatever it was, the run has failed and its exit code says so; the other scenarios still run.
    catch (Exception failure)
#pragma warning restore CA1031
    {
        failed = true;
        await Console.Error.WriteLineAsync($"FAILED: {failure}");
    }
}

await Try(async () =>
{
    // What the journal is, from a journal that a farm has made.
    await using var farm = await LoadFarm.StartAsync(1);
    durability = Machine.Durability(farm.Journal);
});
Scenario[] scenarios =
[
    TrueFrames.Create(options),
    LauncherStarts.Create(options),
    LinkedFrames.Create(options),
    RangeJobs.Create(options),
    SimulatedFrames.Create(options),
    MessageCounts.Create(options),
    ScriptRuns.Create(options),
    BadScripts.Create(options),
    JobRecovery.Create(options),
    SubmittedJobs.Create(options),
    AskedJobs.Create(options),
];
foreach (var scenario in scenarios.Where(scenario => options.Runs(scenario.Name)))
{
    await Try(async () => figures.AddRange(await ScenarioRunner.Run(scenario, Console.Error.WriteLine)));
}

if (Commits.Count == 0 || figures.Exists(figure => !double.IsFinite(figure.Value)))
{
    failed = true;
    await Console.Error.WriteLineAsync("FAILED: a measurement measured nothing");
}

var report = new Report
{
    Command = $"dotnet run --project perf/Qube.Load -c Release -- {string.Join(' ', args)}".TrimEnd(),
    Machine = Machine.Describe(),
    LoadAtStart = loadAtStart,
    LoadAtEnd = Machine.Load,
    Durability = durability,
    Depth = Machine.Depth(),
    Figures = figures,
};
Console.WriteLine(report.ToMarkdown());
if (options.Json is { } file)
{
    await File.WriteAllTextAsync(file, report.ToJson());
}

return failed ? 1 : 0;

using Qube.Cluster.Tests.Farms;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Clients;

/// <summary>Scripts in the manner of studios against a live farm, by python 3, by python 2.7 where one is found, and by perl. The name of each test
/// says which interpreter ran it, and so does what the script prints.</summary>
[Collection(SharedFarm.Collection)]
public sealed class StudioScriptTests(SharedFarm shared, ITestOutputHelper output)
{
    private static readonly string[] Scripts = ["studio_submit.py", "studio_control.py", "studio_query.py", "studio_ranges.py", "studio_resources.py"];

    public static TheoryData<string, string> Runs()
    {
        var runs = new TheoryData<string, string>();
        foreach (var script in Scripts)
        {
            foreach (var python in Interpreters.Pythons)
            {
                runs.Add(script, python.Version);
            }
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Should_run_unchanged_when_written_for_qube(string script, string python)
    {
        if (python == Interpreters.None)
        {
            output.WriteLine($"{script} was not run: {python}");
            return;
        }

        var interpreter = Interpreters.Pythons.Single(one => one.Version == python).Path;
        var printed = await PythonScript.RunBy(shared.Farm, interpreter, script);
        output.WriteLine($"{script}: {printed.Trim()}");
        Assert.Contains($"python {python}", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_serve_perl_scripts_when_run_by_hand()
    {
        var printed = await PythonScript.RunBy(shared.Farm, "perl", "studio.pl");
        output.WriteLine(printed.Trim());
        Assert.StartsWith("commanded by perl v5", printed, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using Xunit;

namespace Qube.Cluster.Tests.Farms;

/// <summary>A client: a script of <c>Scripts/</c> run by python3 with the module <c>qb</c> of the sources. It asserts for itself.</summary>
internal static class PythonScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(11);

    /// <summary>What it printed. A script that fails fails the test with all that it said.</summary>
    public static Task<string> Run(IFarm farm, string script, params string[] arguments) => RunBy(farm, "python3", script, arguments);

    /// <summary>As <see cref="Run"/>, by another python, or by perl.</summary>
    public static async Task<string> RunBy(IFarm farm, string interpreter, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(interpreter) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = farm.Root };
        foreach (var argument in (string[])[Repository.Script(script), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PYTHONPATH"] = Repository.Python;
        start.Environment["PERL5LIB"] = Repository.Perl;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["QB_SUPERVISOR"] = farm.Url;
        start.Environment["TRACE"] = farm.Trace;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await Fail($"has not ended within {Limit.TotalMinutes} min");
        }

        if (process.ExitCode != 0)
        {
            await Fail($"ended with {process.ExitCode}");
        }

        return await output;

        async Task Fail(string how) => Assert.Fail(
            $"{script} {string.Join(' ', arguments)} {how}, folder {farm.KeepFolder()}\n{await output}\n{await errors}\nnode:\n{farm.Log()}");
    }
}

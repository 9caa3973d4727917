using System.ComponentModel;
using System.Diagnostics;

namespace Qube.Actions.Scripts;

/// <summary>Finds the interpreter behind a name, once: <c>python3</c> may be a shim that costs 30 ms a start.</summary>
internal static class PythonInterpreter
{
    private const string Question = "import sys; print('%d.%d' % sys.version_info[:2]); print(sys.executable or '')";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The path of the interpreter itself.</summary>
    /// <exception cref="ZygoteFailedException">There is none, it does not answer, or it is of a version that is not supported.</exception>
    public static async Task<string> ResolveAsync(string name)
    {
        var start = new ProcessStartInfo(name) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Question);
        string[] lines;
        using (Process process = Start(start))
        {
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            try
            {
                await process.WaitForExitAsync().WaitAsync(Limit);
            }
            catch (TimeoutException)
            {
                process.Kill();
                throw new ZygoteFailedException($"the interpreter '{name}' does not answer");
            }

            lines = (await output).Split('\n', StringSplitOptions.TrimEntries);
            if (process.ExitCode != 0 || lines.Length < 2)
            {
                throw new ZygoteFailedException($"the interpreter '{name}' is none: exit code {process.ExitCode}, {(await errors).Trim()}");
            }
        }

        if (!Version.TryParse(lines[0], out Version? version) || !IsSupported(version))
        {
            throw new ZygoteFailedException($"the interpreter '{name}' is python {lines[0]}; 2.7 and 3.6 or later are supported");
        }

        return lines[1].Length > 0 ? lines[1] : name;
    }

    /// <exception cref="ZygoteFailedException">It cannot be started; the message names it.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or IOException)
        {
            throw new ZygoteFailedException($"the interpreter '{start.FileName}' cannot be started: {failure.Message}", failure);
        }
    }

    private static bool IsSupported(Version version) => version.Major == 2 ? version.Minor == 7 : version >= new Version(3, 6);
}

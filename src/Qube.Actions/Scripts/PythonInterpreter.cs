using System.ComponentModel;
using System.Diagnostics;

namespace Qube.Actions.Scripts;

/// <summary>Finds the interpreter behind a name, once: <c>python3</c> may be a shim that costs 30 ms a start.</summary>
internal static class PythonInterpreter
{
    /// <summary>Version, path, and what keeps the account from using it: an interpreter below somebody's home is of no use to others.</summary>
    private const string Question =
        """
        import os, sys
        print('%d.%d' % sys.version_info[:2])
        print(sys.executable or '')
        account = sys.argv[1]
        if account and os.getuid() == 0:
            import pwd
            try:
                user = pwd.getpwnam(account)
            except KeyError:
                print('there is no user %s' % account)
                sys.exit()
            os.initgroups(account, user.pw_gid)
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            if not os.access(os.__file__, os.R_OK):
                print('user %s cannot read %s' % (account, os.__file__))
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The path of the interpreter itself.</summary>
    /// <param name="name">A path, or a name: then the first of that name in PATH that will do.</param>
    /// <param name="account">Who scripts run as; null for the supervisor's own user.</param>
    /// <exception cref="ZygoteFailedException">There is none, it does not answer, it is of a version that is not supported, or the account cannot
    /// use it.</exception>
    public static async Task<string> ResolveAsync(string name, string? account)
    {
        ZygoteFailedException? first = null;
        foreach (string candidate in Candidates(name))
        {
            try
            {
                return await AskAsync(candidate, account);
            }
            catch (ZygoteFailedException failure)
            {
                first ??= failure;
            }
        }

        throw first!;
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

    private static string[] Candidates(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return [name];
        }

        string[] found = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, name)).Where(File.Exists)];
        return found.Length > 0 ? found : [name];
    }

    private static async Task<string> AskAsync(string name, string? account)
    {
        var start = new ProcessStartInfo(name) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Question);
        start.ArgumentList.Add(account ?? "");
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

        if (lines.Length > 2 && lines[2].Length > 0)
        {
            throw new ZygoteFailedException($"the interpreter '{name}' cannot run scripts: {lines[2]} (qube.scripts.user, qube.scripts.python)");
        }

        return lines[1].Length > 0 ? lines[1] : name;
    }

    private static bool IsSupported(Version version) => version.Major == 2 ? version.Minor == 7 : version >= new Version(3, 6);
}

using System.Globalization;
using Qube.Actions.Scripts;
using Qube.Contracts.Scripts;

namespace Qube.Actions.Tests.Scripts;

/// <summary>A pool over the real interpreter, a folder for what scripts write, and runs made short.</summary>
internal sealed class PythonScripts : IAsyncDisposable
{
    private int _lastFiring;

    public PythonScripts(ScriptPoolOptions? options = null)
    {
        Directory.CreateDirectory(Folder);
        if (!OperatingSystem.IsWindows())
        {
            // For a script that runs as another account.
            File.SetUnixFileMode(Folder, (UnixFileMode)0b111_111_111);
        }

        Pool = new ScriptPool(options ?? new ScriptPoolOptions { Zygotes = 1 }, text => Troubles.Enqueue(text));
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"qube-scripts-{Guid.NewGuid():N}");

    public ScriptPool Pool { get; }

    public System.Collections.Concurrent.ConcurrentQueue<string> Troubles { get; } = new();

    public string OutputPath => Path.Combine(Folder, "logs", "12.cb");

    public string Output => File.Exists(OutputPath) ? File.ReadAllText(OutputPath) : "";

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string[] Lines(string name) => File.Exists(PathOf(name)) ? File.ReadAllLines(PathOf(name)) : [];

    public ScriptRun Run(string code) => new()
    {
        FiringId = string.Create(CultureInfo.InvariantCulture, $"firing-{Interlocked.Increment(ref _lastFiring)}"),
        Language = "python",
        // Scripts know the folder by this name.
        Code = code.Replace("FOLDER", $"'{Folder}/'", StringComparison.Ordinal),
        JobId = 12,
        CallbackId = 2,
        EventText = "complete-work-ribgen-5",
        OutputPath = OutputPath,
        SupervisorUrl = "127.0.0.1:1",
        TimeLimitSeconds = 60,
    };

    public Task<ScriptOutcome> Of(string code) => Of(Run(code));

    public Task<ScriptOutcome> Of(ScriptRun run) => Pool.RunAsync(run, CancellationToken.None).WaitAsync(Eventually.Limit);

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

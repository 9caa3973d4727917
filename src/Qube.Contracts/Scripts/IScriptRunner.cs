namespace Qube.Contracts.Scripts;

/// <summary>Runs callback scripts outside the supervisor's process.</summary>
public interface IScriptRunner
{
    /// <summary>Runs one script to its end; never throws for what the script does.</summary>
    Task<ScriptOutcome> RunAsync(ScriptRun run, CancellationToken ct);
}

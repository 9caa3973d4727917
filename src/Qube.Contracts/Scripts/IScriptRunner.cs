namespace Qube.Contracts.Scripts;

/// <summary>Runs callback scripts outside of the supervisor's process (spec/callbacks.md §13). One run at a time per owning job is the caller's business.</summary>
public interface IScriptRunner
{
    /// <summary>
    /// Runs the script to its end. However the script itself ends, there is an outcome; a run that is cut off because its interpreter's
    /// parent died is run again with the same firing id.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled or the runner disposed; the script was killed if it ran.</exception>
    Task<ScriptOutcome> RunAsync(ScriptRun run, CancellationToken ct);
}

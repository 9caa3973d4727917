namespace Qube.Contracts.Actions;

/// <summary>Does what callbacks do outside of the farm and without a script: mail and web hooks (spec/callbacks.md §12). At least once for each
/// firing; whoever receives it tells repetitions by the firing's id.</summary>
public interface IActionRunner
{
    /// <summary>Tries until it is done, refused for good, or tried often enough; in whichever way it ends there is an outcome.</summary>
    /// <param name="run">What to do.</param>
    /// <param name="retrying">Told how an attempt failed that is followed by another, on any thread.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the runner disposed: it may or may not have been done.</exception>
    Task<ActionOutcome> RunAsync(ActionRun run, Action<string> retrying, CancellationToken ct);
}

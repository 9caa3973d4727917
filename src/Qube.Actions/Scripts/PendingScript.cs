using Qube.Contracts.Scripts;

namespace Qube.Actions.Scripts;

/// <summary>One script on its way through the pool: waiting, then running, then ended.</summary>
internal sealed class PendingScript
{
    private readonly TaskCompletionSource<ScriptOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancel;
    private readonly CancellationTokenRegistration _cancelling;
    private int _taken;

    /// <param name="run">What is to run.</param>
    /// <param name="caller">The caller's token.</param>
    /// <param name="pool">Cancelled when the pool is disposed.</param>
    public PendingScript(ScriptRun run, CancellationToken caller, CancellationToken pool)
    {
        Run = run;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(caller, pool);
        Cancel = _cancel.Token;
        _cancelling = Cancel.Register(() =>
        {
            // While it runs, its end is what the caller waits for.
            if (Interlocked.Exchange(ref _taken, 1) == 0)
            {
                _outcome.TrySetCanceled(Cancel);
            }
        });
    }

    public ScriptRun Run { get; }

    public CancellationToken Cancel { get; }

    public Task<ScriptOutcome> Outcome => _outcome.Task;

    /// <summary>False when it was cancelled while it waited.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <summary>Tells the caller what <paramref name="execute"/> says, or how it failed.</summary>
    public async Task ExecuteAsync(Func<ScriptRun, CancellationToken, Task<ScriptOutcome>> execute)
    {
        try
        {
            _outcome.TrySetResult(await execute(Run, Cancel));
        }
        catch (OperationCanceledException)
        {
            _outcome.TrySetCanceled(Cancel);
        }
        catch (Exception defect)
        {
            _outcome.TrySetException(defect);
        }

        await _cancelling.DisposeAsync();
        _cancel.Dispose();
    }
}

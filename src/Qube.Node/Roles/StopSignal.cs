using System.Runtime.InteropServices;

namespace Qube.Node.Roles;

/// <summary>SIGTERM, SIGINT, or the caller's own word, as one.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration terminated;
    private readonly PosixSignalRegistration interrupted;
    private readonly CancellationTokenRegistration cancelled;

    public StopSignal(CancellationToken cancel)
    {
        terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        cancelled = cancel.Register(Stop);
    }

    public Task Asked => asked.Task;

    public bool IsAsked => asked.Task.IsCompleted;

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        terminated.Dispose();
        interrupted.Dispose();
        cancelled.Dispose();
        source.Dispose();
    }

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Stop();
    }

    private void Stop()
    {
        if (asked.TrySetResult())
        {
            source.Cancel();
        }
    }
}

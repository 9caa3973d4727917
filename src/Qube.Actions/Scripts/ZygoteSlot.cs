namespace Qube.Actions.Scripts;

/// <summary>The place of one zygote: started when it is first asked for, and anew when it has died.</summary>
internal sealed class ZygoteSlot : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<Zygote>? _zygote;
    private bool _disposed;

    /// <summary>Scripts in hand; the pool's lock guards it.</summary>
    public int Load { get; set; }

    public bool IsLive => Pid > 0;

    /// <summary>0 where none lives.</summary>
    public int Pid
    {
        get
        {
            lock (_gate)
            {
                return _zygote is { IsCompletedSuccessfully: true, Result: { HasEnded: false } zygote } ? zygote.Pid : 0;
            }
        }
    }

    /// <exception cref="ZygoteFailedException">It does not start.</exception>
    /// <exception cref="OperationCanceledException">The pool is being disposed.</exception>
    public async Task<Zygote> ZygoteAsync(Func<Task<Zygote>> start)
    {
        Task<Zygote> zygote;
        lock (_gate)
        {
            if (_disposed)
            {
                throw new OperationCanceledException("the pool is being disposed");
            }

            if (_zygote is null or { IsFaulted: true } or { IsCanceled: true } or { IsCompletedSuccessfully: true, Result.HasEnded: true })
            {
                if (_zygote is { IsCompletedSuccessfully: true, Result: var dead })
                {
                    _ = dead.DisposeAsync().AsTask();
                }

                // Elsewhere: starting a process takes milliseconds, and others look at this slot meanwhile.
                _zygote = Task.Run(start);
            }

            zygote = _zygote;
        }

        return await zygote;
    }

    /// <summary>Ends the zygote with all that it runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<Zygote>? last;
        lock (_gate)
        {
            _disposed = true;
            last = _zygote;
        }

        try
        {
            if (last is not null)
            {
                await (await last).DisposeAsync();
            }
        }
        catch (ZygoteFailedException)
        {
            // It never lived; who asked for it has been told.
        }
    }
}

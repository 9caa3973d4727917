using System.Collections.Concurrent;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// The node's end of a launcher. Calls write into a buffer and send what the socket takes; one thread of its own reads, tells, and, when
/// the launcher has died, mends its run file, starts another and asks again for what was not answered (DESIGN.md).
/// </summary>
public sealed partial class LauncherClient : ILauncher
{
    private readonly LauncherClientOptions _options;
    private readonly Action<LaunchEvent> _onEvent;
    private readonly Lock _gate = new();
    private readonly Lock _wakeGate = new();
    private readonly LaunchLedger _ledger = new();
    private readonly Outbox _outbox;
    private readonly ConcurrentQueue<LaunchEvent> _own = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _wake = LauncherServer.NewWakeDescriptor();
    private FrameWriter _scratch = new(4096);
    private int _launcherVersion = LauncherProtocol.Version;
    private bool _talking;
    private bool? _shutdown;
    private volatile bool _closed;

    private LauncherClient(LauncherClientOptions options, Action<LaunchEvent> onEvent)
    {
        _options = options with { Folder = Path.GetFullPath(options.Folder) };
        _onEvent = onEvent;
        _outbox = new Outbox { OnStuck = Wake };
    }

    /// <summary>
    /// Connects to the folder's launcher, starting one if none is there, and displaces whoever was connected. Completes after
    /// <paramref name="onEvent"/> was given the snapshot.
    /// </summary>
    /// <param name="options">Where, and how to start one.</param>
    /// <param name="onEvent">Gets the events, one at a time and in order, on a thread of the client's own: it should be quick.</param>
    /// <param name="cancellationToken">Gives the attempt up; has no effect afterwards.</param>
    /// <exception cref="IOException">No launcher can be started or reached; its last words are in the message.</exception>
    public static async Task<ILauncher> ConnectAsync(
        LauncherClientOptions options, Action<LaunchEvent> onEvent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(onEvent);
        cancellationToken.ThrowIfCancellationRequested();
        var client = new LauncherClient(options, onEvent);
        new Thread(client.Run, 512 << 10) { Name = "launcher client", IsBackground = true }.Start();
        try
        {
            await using var cancelled = cancellationToken.UnsafeRegister(
                static (state, token) => ((LauncherClient)state!)._ready.TrySetCanceled(token), client);
            await client._ready.Task;
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Start(LaunchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            try
            {
                PutStart(request);
                _ledger.Start(request);
            }
            catch (ArgumentException e)
            {
                // No launcher can run this, so none is asked: it ends as a shell ends what it cannot execute.
                LauncherLog.Write(e.Message);
                var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                _own.Enqueue(new LaunchEvent.Ended(request.Key, request.Epoch, LaunchOutcome.Exited, Spawner.NotExecutable, now, now, default));
                Wake();
            }
        }

        _outbox.Flush();
    }

    /// <inheritdoc/>
    public void Kill(LaunchKey key, TimeSpan grace)
    {
        var graceMs = Math.Clamp((long)grace.TotalMilliseconds, 0, int.MaxValue);
        lock (_gate)
        {
            _ledger.Kill(key, Libc.BootMs() + graceMs);
            PutKill(key, graceMs);
        }

        _outbox.Flush();
    }

    /// <inheritdoc/>
    public void Suspend(LaunchKey key) => Signal(key, Libc.SIGSTOP);

    /// <inheritdoc/>
    public void Resume(LaunchKey key) => Signal(key, Libc.SIGCONT);

    /// <inheritdoc/>
    public void Forget(IReadOnlyList<LaunchKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var key in keys)
            {
                _ledger.Forget(key);
            }

            PutForget(keys);
        }

        _outbox.Flush();
    }

    /// <inheritdoc/>
    public void CloseBackEnd(long jobId, int instance, int run, string status)
    {
        lock (_gate)
        {
            // Not asked again of a new launcher: with the old one its back ends died.
            if (_talking)
            {
                _outbox.Put((jobId, instance, run, status), static (ref FrameWriter writer, (long JobId, int Instance, int Run, string Status) close) =>
                {
                    var start = writer.BeginFrame(LauncherProtocol.CloseBackEnd);
                    writer.Int64(close.JobId);
                    writer.Int32(close.Instance);
                    writer.Int32(close.Run);
                    writer.Text(close.Status);
                    writer.EndFrame(start);
                });
            }
        }

        _outbox.Flush();
    }

    /// <inheritdoc/>
    public void RenewLease()
    {
        lock (_gate)
        {
            // Not asked again of a new launcher: it begins with a whole lease.
            if (_talking)
            {
                _outbox.Put(0, static (ref FrameWriter writer, int _) => writer.EndFrame(writer.BeginFrame(LauncherProtocol.Renew)));
            }
        }

        _outbox.Flush();
    }

    /// <inheritdoc/>
    public Task ShutdownAsync(bool killAll)
    {
        lock (_gate)
        {
            _shutdown = killAll;
            PutShutdown();
        }

        _outbox.Flush();
        Wake();
        return _over.Task;
    }

    /// <summary>Leaves; the launcher and what it runs go on. Completes when no event can come any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        Wake();
        if (Environment.CurrentManagedThreadId != _threadId)
        {
            await _over.Task;
        }
    }

    private void Signal(LaunchKey key, int signal)
    {
        lock (_gate)
        {
            if (signal == Libc.SIGSTOP)
            {
                _ledger.Suspend(key);
            }
            else
            {
                _ledger.Resume(key);
            }

            PutSignal(key, signal);
        }

        _outbox.Flush();
    }

    // The descriptor is closed when the thread has ended, under the same lock: a late call must not write into another's. A lock of its
    // own, because a stuck outbox calls this under its lock, which is taken inside the client's.
    private void Wake()
    {
        lock (_wakeGate)
        {
            if (!_over.Task.IsCompleted)
            {
                LauncherServer.Wake(_wake);
            }
        }
    }

    private void PutStart(LaunchRequest request)
    {
        _scratch.Clear();
        if (request.BackEnd is not null && _launcherVersion < LauncherProtocol.BackEndsSince)
        {
            throw new ArgumentException($"{request.Key}: the launcher is of an older release and knows no back ends", nameof(request));
        }

        var start = _scratch.BeginFrame(request.BackEnd is null ? LauncherProtocol.Start : LauncherProtocol.StartItem);
        StartCommand.Write(ref _scratch, request);
        _scratch.EndFrame(start);
        if (_scratch.Length > LauncherProtocol.MaxFrameBytes)
        {
            throw new ArgumentException($"{request.Key}: a start request of {_scratch.Length} bytes", nameof(request));
        }

        if (_talking)
        {
            _outbox.Put(_scratch.Written);
        }
    }

    private void PutKill(LaunchKey key, long graceMs)
    {
        if (_talking)
        {
            _outbox.Put((key, graceMs), static (ref FrameWriter writer, (LaunchKey Key, long GraceMs) kill) =>
            {
                var start = writer.BeginFrame(LauncherProtocol.Kill);
                writer.Key(kill.Key);
                writer.Int64(kill.GraceMs);
                writer.EndFrame(start);
            });
        }
    }

    private void PutSignal(LaunchKey key, int signal)
    {
        if (_talking)
        {
            _outbox.Put((key, signal), static (ref FrameWriter writer, (LaunchKey Key, int Number) signal) =>
            {
                var start = writer.BeginFrame(LauncherProtocol.Signal);
                writer.Key(signal.Key);
                writer.Int32(signal.Number);
                writer.EndFrame(start);
            });
        }
    }

    private void PutForget(IReadOnlyList<LaunchKey> keys)
    {
        if (_talking && keys.Count > 0)
        {
            _outbox.Put(keys, static (ref FrameWriter writer, IReadOnlyList<LaunchKey> keys) =>
            {
                var start = writer.BeginFrame(LauncherProtocol.Forget);
                writer.Int32(keys.Count);
                foreach (var key in keys)
                {
                    writer.Key(key);
                }

                writer.EndFrame(start);
            });
        }
    }

    private void PutShutdown()
    {
        if (_talking && _shutdown is { } killAll)
        {
            _outbox.Put(killAll, static (ref FrameWriter writer, bool killAll) =>
            {
                var start = writer.BeginFrame(LauncherProtocol.Shutdown);
                writer.Byte(killAll ? (byte)1 : (byte)0);
                writer.EndFrame(start);
            });
        }
    }
}

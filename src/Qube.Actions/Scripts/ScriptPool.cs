using Qube.Contracts.Scripts;

namespace Qube.Actions.Scripts;

/// <summary>
/// Runs python and perl callbacks (spec/callbacks.md §13), each in a child forked from a warm interpreter: nothing of one script is there for
/// the next, and no way to end a script ends anything else. Zygotes start with the first script and anew when one has died.
/// </summary>
/// <remarks>
/// <para>Jobs take turns, so that a job with a thousand firings does not hold up another's one. A script that is cut off by its zygote's death
/// is run again with the same firing id, at the zygote's next start; the supervisor knows its calls by that id.</para>
/// <para>Processes that a script leaves running (<c>subprocess.Popen</c> without a wait, as Qube!'s manual recommends) may go on until the
/// script's time limit, and no further, whatever they do to get away: <c>processes.py</c> says how they are found.</para>
/// </remarks>
public sealed class ScriptPool : IScriptRunner, IAsyncDisposable
{
    private static readonly string[] Languages = ["python", "perl"];

    private readonly ScriptPoolOptions _options;
    private readonly Action<string>? _trouble;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly FairQueue<long, PendingScript> _waiting = new();
    private readonly ZygoteSlot[] _slots;
    private readonly CancellationTokenSource _disposing = new();
    private readonly HashSet<Task> _running = [];
    private Task<string>? _interpreter;
    private bool _disposed;

    /// <param name="options">Validated here.</param>
    /// <param name="trouble">Told in a sentence when a zygote dies or does not start; scripts know of their own ends. From any thread.</param>
    /// <param name="time">For the header lines.</param>
    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    public ScriptPool(ScriptPoolOptions options, Action<string>? trouble = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _trouble = trouble;
        _time = time ?? TimeProvider.System;
        _slots = [.. Enumerable.Range(0, options.Zygotes).Select(_ => new ZygoteSlot())];
    }

    /// <inheritdoc/>
    public Task<ScriptOutcome> RunAsync(ScriptRun run, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!Languages.Contains(run.Language, StringComparer.OrdinalIgnoreCase))
        {
            return Task.FromResult(Failed($"callbacks in language '{run.Language}' have no interpreter here"));
        }

        PendingScript pending;
        lock (_gate)
        {
            if (_disposed)
            {
                return Task.FromCanceled<ScriptOutcome>(new CancellationToken(canceled: true));
            }

            pending = new PendingScript(run, ct, _disposing.Token);
            _waiting.Enqueue(run.JobId, pending);
        }

        Pump();
        return pending.Outcome;
    }

    /// <summary>Ends every script, waiting or running, and every zygote. Callers in wait get <see cref="OperationCanceledException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            running = [.. _running];
        }

        await _disposing.CancelAsync();
        await Task.WhenAll(_slots.Select(slot => slot.DisposeAsync().AsTask()));
        await Task.WhenAll(running);
        _disposing.Dispose();
    }

    /// <summary>The process ids of the zygotes that live, for tests.</summary>
    internal int[] ZygotePids()
    {
        lock (_gate)
        {
            return [.. _slots.Select(slot => slot.Pid).Where(pid => pid > 0)];
        }
    }

    private void Pump()
    {
        lock (_gate)
        {
            while (!_disposed && _running.Count < _options.Concurrency && _waiting.TryDequeue(out PendingScript? pending))
            {
                if (pending.TryTake())
                {
                    // Elsewhere: whoever hands in a script is not to wait for pipes.
                    Task run = Task.Run(() => pending.ExecuteAsync(ExecuteAsync));
                    _running.Add(run);
                    _ = run.ContinueWith(Leave, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                }
            }
        }
    }

    private void Leave(Task run)
    {
        lock (_gate)
        {
            _running.Remove(run);
        }

        Pump();
    }

    private async Task<ScriptOutcome> ExecuteAsync(ScriptRun run, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(run.OutputPath))!);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Failed($"the script could not be started: {failure.Message}");
        }

        TimeSpan patience = TimeSpan.FromSeconds(run.TimeLimitSeconds + _options.ZygoteGraceSeconds);
        string reason = "";
        for (int repetition = 0; repetition <= _options.RepetitionsAfterCutOff; repetition++)
        {
            cancel.ThrowIfCancellationRequested();
            ZygoteSlot slot = Enter();
            ZygoteEnd end;
            try
            {
                Zygote zygote = await slot.ZygoteAsync(StartAsync);
                end = await zygote.RunAsync(ScriptMessage.Of(run, repetition, _options, _time.GetUtcNow()), patience, cancel);
            }
            catch (ZygoteFailedException failure)
            {
                _trouble?.Invoke(failure.Message);
                end = new ZygoteEnd.CutOff(failure.Message);
            }
            finally
            {
                Leave(slot);
            }

            switch (end)
            {
                case ZygoteEnd.Ended { Outcome.Exit: ScriptExit.Crashed } when cancel.IsCancellationRequested:
                    throw new OperationCanceledException(cancel);
                case ZygoteEnd.Ended ended:
                    return ended.Outcome;
                case ZygoteEnd.CutOff cutOff:
                    reason = cutOff.Reason;
                    break;
            }
        }

        cancel.ThrowIfCancellationRequested();
        return Failed($"the script could not be run to its end, {_options.RepetitionsAfterCutOff + 1} times: {reason}");
    }

    /// <summary>The slot with the least to do, one without a zygote only when all others have something.</summary>
    private ZygoteSlot Enter()
    {
        lock (_gate)
        {
            ZygoteSlot slot = _slots.OrderBy(one => one.Load).ThenBy(one => one.IsLive ? 0 : 1).First();
            slot.Load++;
            return slot;
        }
    }

    private void Leave(ZygoteSlot slot)
    {
        lock (_gate)
        {
            slot.Load--;
        }
    }

    private async Task<Zygote> StartAsync()
    {
        Task<string> resolving;
        lock (_gate)
        {
            // A failure is not kept: an interpreter may be installed later.
            if (_interpreter is null or { IsFaulted: true })
            {
                _interpreter = PythonInterpreter.ResolveAsync(_options.Interpreter, _options.ScriptUser);
            }

            resolving = _interpreter;
        }

        Zygote zygote = await Zygote.StartAsync(await resolving, _options.LibraryPath, _options.CaFile);
        _ = ReportAsync(zygote);
        return zygote;
    }

    private async Task ReportAsync(Zygote zygote)
    {
        string reason = await zygote.Ended();
        if (!_disposing.IsCancellationRequested)
        {
            _trouble?.Invoke($"{reason} (process {zygote.Pid}); another is started with the next script");
        }
    }

    private static ScriptOutcome Failed(string text) => new(new ScriptExit.Failed(text), 0, 0);
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Qube.Contracts.Scripts;

namespace Qube.Actions.Scripts;

/// <summary>
/// One warm interpreter and the scripts that are forked from it. It lives until it dies or is disposed; then every script that it had in
/// hand is killed, and told to have been cut off.
/// </summary>
internal sealed class Zygote : IAsyncDisposable
{
    /// <summary>A supervisor's own, nothing for the scripts of its users: a database's password may stand in it.</summary>
    private static readonly string[] Withheld = ["QUBE_DB", "QB_TOKEN", "QB_TOKEN_FILE"];

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(5);
    private static readonly byte[] LineEnd = [(byte)'\n'];

    private readonly Process _process;
    private readonly Stream _requests;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Flight> _flights = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ErrorTail _errors = new();
    private readonly Task _served;
    private string? _ended;
    private long _lastId;

    private Zygote(Process process)
    {
        _process = process;
        Pid = process.Id;
        _requests = process.StandardInput.BaseStream;
        _served = Task.WhenAll(ServeAsync(), _errors.ReadAsync(process.StandardError));
    }

    public int Pid { get; }

    /// <summary>True when it takes no more scripts.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ended is not null;
            }
        }
    }

    /// <summary>Done when the process has gone and every script has been told: with the reason.</summary>
    public async Task<string> Ended()
    {
        await _served;
        return _ended!;
    }

    /// <exception cref="ZygoteFailedException">It did not come up; the message says why.</exception>
    public static async Task<Zygote> StartAsync(string interpreter, string libraryPath, string? caFile = null)
    {
        var start = new ProcessStartInfo(interpreter) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // No bytecode beside the library, which may be installed for everybody or not to be written to.
        start.ArgumentList.Add("-B");
        start.ArgumentList.Add(Path.Combine(libraryPath, "qb_callbacks", "zygote.py"));
        foreach (string name in Withheld)
        {
            start.Environment.Remove(name);
        }

        if (caFile is not null)
        {
            start.Environment["QB_CA_FILE"] = caFile;
        }

        var zygote = new Zygote(PythonInterpreter.Start(start));
        try
        {
            await zygote._ready.Task.WaitAsync(StartLimit);
            return zygote;
        }
        catch (TimeoutException)
        {
            await zygote.DisposeAsync();
            throw new ZygoteFailedException($"the interpreter '{interpreter}' did not become ready");
        }
    }

    /// <summary>Runs a script to its end, or the zygote's.</summary>
    /// <param name="message">The script; its id is given here.</param>
    /// <param name="patience">How long an end may take to be told; a zygote that is over it hangs, and is killed.</param>
    /// <param name="cancel">Kills the script. Its end is told all the same.</param>
    public async Task<ZygoteEnd> RunAsync(ZygoteMessages.Run message, TimeSpan patience, CancellationToken cancel)
    {
        var flight = new Flight();
        long id;
        lock (_gate)
        {
            if (_ended is { } reason)
            {
                return new ZygoteEnd.CutOff(reason);
            }

            id = ++_lastId;
            _flights.Add(id, flight);
        }

        var watch = Stopwatch.StartNew();
        try
        {
            await SendAsync(message with { Id = id }, ZygoteJson.Default.Run).WaitAsync(patience, CancellationToken.None);
            await using CancellationTokenRegistration cancelling = cancel.Register(() => CancelScript(id));
            TimeSpan left = patience - watch.Elapsed;
            return Judge(await flight.End.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, CancellationToken.None), message.LimitSeconds);
        }
        catch (TimeoutException)
        {
            KillSelf();
            return Judge(await flight.End.Task, 0);
        }
        catch (IOException)
        {
            // Its pipe is closed: it is gone, or about to be.
            KillSelf();
            return await flight.End.Task;
        }

        // Cut off when its time was over, by its own patience or that of another script of this zygote: to run it again would be to wait as long again.
        ZygoteEnd Judge(ZygoteEnd end, double afterSeconds) => end is ZygoteEnd.CutOff && flight.Since is { } since && Stopwatch.GetElapsedTime(since).TotalSeconds >= afterSeconds
            ? new ZygoteEnd.Ended(new ScriptOutcome(new ScriptExit.TimedOut(), watch.Elapsed.TotalSeconds, 0))
            : end;
    }

    /// <summary>Ends the zygote, the scripts in hand and what earlier scripts left running.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // The end of its input: it knows best what there is to kill.
            _requests.Close();
            await _process.WaitForExitAsync().WaitAsync(LeaveLimit);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException)
        {
            KillSelf();
        }

        await _served;
        _process.Dispose();
        _sending.Dispose();
    }

    private void KillSelf()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // Gone already.
        }
    }

    private void CancelScript(long id) => _ = SendAsync(new ZygoteMessages.Cancel { Id = id }, ZygoteJson.Default.Cancel).ContinueWith(
        sent => sent.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private async Task SendAsync<T>(T message, JsonTypeInfo<T> type)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(message, type), .. LineEnd];
        try
        {
            await _sending.WaitAsync();
            try
            {
                await _requests.WriteAsync(line);
                await _requests.FlushAsync();
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (ObjectDisposedException closed)
        {
            throw new IOException("the zygote is being disposed", closed);
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                Take(JsonSerializer.Deserialize(line, ZygoteJson.Default.Answer)!);
            }
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            _errors.Add($"what it said could not be read: {failure.Message}");
        }

        KillSelf();
        await _process.WaitForExitAsync();
        End();
    }

    private void Take(ZygoteMessages.Answer answer)
    {
        if (answer.Ready is not null)
        {
            _ready.TrySetResult();
            return;
        }

        Flight? flight;
        lock (_gate)
        {
            _flights.TryGetValue(answer.Id, out flight);
            if (answer.Started is { } pid && flight is not null)
            {
                flight.Pid = pid;
                flight.Since = Stopwatch.GetTimestamp();
                return;
            }

            _flights.Remove(answer.Id);
        }

        flight?.End.TrySetResult(new ZygoteEnd.Ended(new ScriptOutcome(Exit(answer), answer.Seconds, answer.Bytes)));
    }

    private void End()
    {
        Flight[] cutOff;
        string reason = $"its interpreter's parent ended with code {_process.ExitCode}{_errors.Text}";
        lock (_gate)
        {
            _ended = reason;
            cutOff = [.. _flights.Values];
            _flights.Clear();
        }

        foreach (Flight flight in cutOff)
        {
            // The kernel kills the script itself when its parent dies; this is for what the script has started.
            ProcessGroups.Kill(flight.Pid);
            flight.End.TrySetResult(new ZygoteEnd.CutOff(reason));
        }

        _ready.TrySetException(new ZygoteFailedException($"the interpreter '{_process.StartInfo.FileName}' did not become ready: {reason}"));
        // Nobody waits for that where it was ready before.
        _ = _ready.Task.Exception;
    }

    private static ScriptExit Exit(ZygoteMessages.Answer answer) => answer.Exit switch
    {
        "completed" => new ScriptExit.Completed(),
        "exited" => new ScriptExit.Exited(answer.Code),
        "crashed" => new ScriptExit.Crashed(answer.Signal),
        "timedout" => new ScriptExit.TimedOut(),
        "stopped" => new ScriptExit.Stopped(answer.Text ?? ""),
        _ => new ScriptExit.Failed(answer.Text ?? ""),
    };

    /// <summary>One script in hand.</summary>
    private sealed class Flight
    {
        public TaskCompletionSource<ZygoteEnd> End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Its process and process group; 0 until it is known.</summary>
        public int Pid { get; set; }

        /// <summary>When it was heard of that it runs, by <see cref="Stopwatch"/>.</summary>
        public long? Since { get; set; }
    }
}

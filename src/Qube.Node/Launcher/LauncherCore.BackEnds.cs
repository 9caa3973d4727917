using Qube.Contracts;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <content>Back ends: processes that take items one after the other (DESIGN.md, "Back ends"). All but their ends is the socket's thread's.</content>
internal sealed partial class LauncherCore
{
    /// <summary>A request for work that nobody has answered for so long is told to wait and ask again.</summary>
    private const long WaitingAfterMs = 5_000;

    /// <summary>How long a back end that was told that there is no more may take to end.</summary>
    private const long FarewellGraceMs = 30_000;

    /// <summary>The same for one whose instance already has another item for a new process.</summary>
    private const long OvertakenGraceMs = 5_000;

    private readonly Dictionary<(long JobId, int Instance), BackEnd> _backEnds = [];
    private readonly Dictionary<LaunchKey, BackEnd> _items = [];
    private readonly List<BackEnd> _sockets = [];
    private readonly List<string> _lines = [];

    /// <summary>Wakes the socket's thread: the list of what it listens to has changed.</summary>
    internal Action WakeSocketThread { get; init; } = static () => { };

    /// <summary>The descriptors to listen to, in <paramref name="descriptors"/>. Closes those of the dead: nobody else may, they could be another's by now.</summary>
    internal void ListenTo(List<int> descriptors)
    {
        lock (_gate)
        {
            foreach (var backEnd in _sockets)
            {
                if (backEnd.IsDead)
                {
                    backEnd.Close();
                }
            }

            _sockets.RemoveAll(static backEnd => backEnd.Fd < 0);
            descriptors.AddRange(_sockets.ConvertAll(static backEnd => backEnd.Fd));
        }
    }

    /// <summary>How long the socket's thread may sleep before a back end is to be told to wait, milliseconds; -1: none asks.</summary>
    internal int AnswerDueMs()
    {
        lock (_gate)
        {
            var due = -1L;
            foreach (var backEnd in _sockets)
            {
                if (backEnd is { AsksSinceBootMs: >= 0, IsDead: false })
                {
                    due = Math.Min(due < 0 ? WaitingAfterMs : due, Math.Max(0, backEnd.AsksSinceBootMs + WaitingAfterMs - Libc.BootMs()));
                }
            }

            return (int)due;
        }
    }

    internal void AnswerOverdue()
    {
        lock (_gate)
        {
            foreach (var backEnd in _sockets)
            {
                if (backEnd is { AsksSinceBootMs: >= 0, IsDead: false } && Libc.BootMs() - backEnd.AsksSinceBootMs >= WaitingAfterMs)
                {
                    backEnd.AsksSinceBootMs = -1;
                    backEnd.Send(BackEndReplies.Waiting);
                }
            }
        }
    }

    /// <summary>Reads and answers what has come on a descriptor of <see cref="ListenTo"/>.</summary>
    internal void ServeBackEnd(int fd)
    {
        lock (_gate)
        {
            if (_sockets.Find(one => one.Fd == fd) is not { } backEnd)
            {
                return;
            }

            _lines.Clear();
            var isOpen = backEnd.Receive(_lines);
            foreach (var line in _lines)
            {
                Answer(backEnd, BackEndRequest.Read(line));
            }

            if (!isOpen)
            {
                // What it has in hand is settled by its process's end.
                backEnd.Close();
            }
        }

        _outbox.Flush();
    }

    /// <summary>Gives an item to the instance's back end, which is started when none of this run is there.</summary>
    internal void StartItem(ReadOnlySpan<byte> body)
    {
        var reader = new FrameReader(body);
        var (key, epoch, run, item) = (reader.Key(), reader.Int32(), reader.Int32(), reader.Text());
        LaunchKey process;
        lock (_gate)
        {
            if (AnsweredAlready(key, epoch))
            {
                return;
            }

            if (_backEnds.TryGetValue((key.JobId, key.Instance), out var known))
            {
                if (known.Run == run && known.Takes)
                {
                    Give(known, key, epoch, item);
                    return;
                }

                // Of a run that is over, and its instance runs again: it was told to yield, or is now.
                SayFarewell(known, known.Farewell ?? "pending");
                EndWithin(known, OvertakenGraceMs);
            }

            process = NewProcessKey(key, run);
            _run.Append(new IntentRecord(process, epoch, UnixMs(), Libc.BootTicks()));
            _spawning = true;
        }

        Spawn(process, epoch, reader.Bytes(reader.Remaining), (key, run, item));
    }

    /// <summary>No more items for the back end of this run.</summary>
    internal void CloseBackEnd(long jobId, int instance, int run, string status)
    {
        lock (_gate)
        {
            if (!_backEnds.TryGetValue((jobId, instance), out var backEnd) || backEnd.Run > run)
            {
                return;
            }

            SayFarewell(backEnd, status);
            if (backEnd.Current is null)
            {
                EndWithin(backEnd, FarewellGraceMs);
            }
        }
    }

    private static void SayFarewell(BackEnd backEnd, string status)
    {
        backEnd.Farewell = status;
        if (backEnd.AsksSinceBootMs >= 0)
        {
            backEnd.AsksSinceBootMs = -1;
            backEnd.Send(BackEndReplies.Status(status));
        }
    }

    /// <summary>Under the lock, when the process has just been registered.</summary>
    private void Register(LaunchKey process, int epoch, (LaunchKey Key, int Run, string Item) first, int fd)
    {
        var backEnd = new BackEnd(process, first.Run, fd);
        _backEnds[(first.Key.JobId, first.Key.Instance)] = backEnd;
        _sockets.Add(backEnd);
        Give(backEnd, first.Key, epoch, first.Item);
    }

    private void Give(BackEnd backEnd, LaunchKey key, int epoch, string item)
    {
        backEnd.Waiting = (key, epoch, item);
        _items[key] = backEnd;
        if (key.Seq < 0)
        {
            // A job without agenda: the process itself is the instance's work, and it may never ask.
            Take(backEnd);
        }
        else if (backEnd.AsksSinceBootMs >= 0)
        {
            backEnd.AsksSinceBootMs = -1;
            Take(backEnd);
            backEnd.Send(item);
        }
    }

    /// <summary>On file before it is told to anybody, the process included: what it may have begun is never given out twice.</summary>
    private void Take(BackEnd backEnd)
    {
        var (key, epoch, _) = backEnd.Waiting!.Value;
        var process = _running[backEnd.Process].Record;
        var started = new StartedRecord(key, epoch, process.Pid, process.StartTicks, UnixMs());
        CrashPoints.Pass(CrashPointNames.LauncherBeforeTaken);
        _run.Append(started);
        CrashPoints.Pass(CrashPointNames.LauncherAfterTaken);
        (backEnd.Current, backEnd.Waiting) = (started, null);
        backEnd.Taken++;
        _outbox.Put(started, LauncherProtocol.Write);
    }

    private void Answer(BackEnd backEnd, BackEndRequest? request)
    {
        switch (request?.Call)
        {
            case BackEndRequest.RequestWork:
                Request(backEnd);
                break;
            case BackEndRequest.ReportWork:
                Report(backEnd, request);
                break;
            case BackEndRequest.ReportJob:
                backEnd.HasReportedJob = true;
                if (backEnd.Current is { Key.Seq: < 0 } own)
                {
                    EndItem(backEnd, own, request.Status, request.Result);
                }

                backEnd.Send(BackEndReplies.Done);
                break;
            default:
                backEnd.Send(BackEndReplies.Refused("not a request of a back end"));
                break;
        }
    }

    private void Request(BackEnd backEnd)
    {
        if (backEnd.Current is { Key.Seq: < 0 })
        {
            backEnd.Send(BackEndReplies.Status("complete"));
        }
        else if (backEnd.Current is { } current)
        {
            backEnd.Send(BackEndReplies.Refused($"item {current.Key} is in hand and has not been reported"));
        }
        else if (backEnd.Farewell is { } farewell)
        {
            backEnd.Send(BackEndReplies.Status(farewell));
        }
        else if (backEnd.Waiting is { } waiting)
        {
            Take(backEnd);
            backEnd.Send(waiting.Item);
        }
        else
        {
            backEnd.AsksSinceBootMs = Libc.BootMs();
        }
    }

    private void Report(BackEnd backEnd, BackEndRequest request)
    {
        if (backEnd.Current is not { } current || current.Key.ToString() != request.Key)
        {
            backEnd.Send(BackEndReplies.Refused($"item {request.Key} is not in hand"));
            return;
        }

        EndItem(backEnd, current, request.Status, request.Result);
        if (backEnd.Farewell is not null)
        {
            EndWithin(backEnd, FarewellGraceMs);
        }

        backEnd.Send(BackEndReplies.Done);
    }

    /// <summary>On file before the call of the back end returns: what it knows to be reported is never run again.</summary>
    private void EndItem(BackEnd backEnd, StartedRecord item, string status, string result)
    {
        var (outcome, code) = BackEndReplies.EndOf(status);
        CrashPoints.Pass(CrashPointNames.LauncherBeforeReported);
        End(new EndedRecord(item.Key, item.Epoch, outcome, code, item.UnixMs, UnixMs(), default, result));
        CrashPoints.Pass(CrashPointNames.LauncherAfterReported);
        backEnd.Current = null;
        _items.Remove(item.Key);
    }

    /// <summary>The process of a back end is dead. Its item's end goes on file before its own, so that a launcher that dies in between leaves
    /// no item which seems to be a process.</summary>
    private void EndBackEnd(RunningProcess process, EndedRecord end)
    {
        var place = (end.Key.JobId, end.Key.Instance);
        var backEnd = _sockets.Find(one => one.Process == end.Key)
            ?? (_backEnds.TryGetValue(place, out var known) && known.Process == end.Key ? known : null);
        if (backEnd is null)
        {
            return;
        }

        // Exit code 0 says nothing of an item that was not reported.
        var code = end is { Outcome: LaunchOutcome.Exited, Code: 0 } ? 1 : end.Code;
        if (backEnd.Current is { } current)
        {
            // Without an agenda the process is the item, as a command's is.
            var isOwn = current.Key.Seq < 0;
            End(end with { Key = current.Key, Epoch = current.Epoch, Code = isOwn ? end.Code : code, StartedUnixMs = current.UnixMs });
            _items.Remove(current.Key);
        }

        if (backEnd.Waiting is { } waiting)
        {
            // One that never took anything will not take the next either: that costs the item a try. Else it runs in the next process.
            var isHopeless = backEnd.Taken == 0 && process.Cause == KillCause.None;
            End(end with { Key = waiting.Key, Epoch = waiting.Epoch, Outcome = isHopeless ? end.Outcome : LaunchOutcome.Lost, Code = isHopeless ? code : 0 });
            _items.Remove(waiting.Key);
        }

        (backEnd.Current, backEnd.Waiting, backEnd.IsDead) = (null, null, true);
        if (_backEnds.GetValueOrDefault(place) == backEnd)
        {
            _backEnds.Remove(place);
        }

        WakeSocketThread();
    }

    /// <summary>A node that has just come gives what its jobs still want; what the one before gave and nobody took is not on file.</summary>
    private void ForgetWaiting()
    {
        foreach (var backEnd in _backEnds.Values)
        {
            if (backEnd.Waiting is { } waiting)
            {
                _items.Remove(waiting.Key);
                backEnd.Waiting = null;
            }
        }
    }

    private bool AnsweredAsItem(LaunchKey key, int epoch)
    {
        if (!_items.TryGetValue(key, out var backEnd))
        {
            return false;
        }

        if (backEnd.Waiting is { } waiting && waiting.Key == key)
        {
            // Its answer is the word that it was taken.
            backEnd.Waiting = waiting with { Epoch = Math.Max(epoch, waiting.Epoch) };
            return true;
        }

        if (epoch > backEnd.Current!.Epoch)
        {
            backEnd.Current = backEnd.Current with { Epoch = epoch };
            _run.Append(backEnd.Current);
        }

        _outbox.Put(backEnd.Current, LauncherProtocol.Write);
        return true;
    }

    /// <summary>The process to kill for a key; null when an item was taken back that no process has taken.</summary>
    private LaunchKey? ProcessOf(LaunchKey key)
    {
        if (!_items.TryGetValue(key, out var backEnd))
        {
            return key;
        }

        if (backEnd.Waiting is not { } waiting || waiting.Key != key)
        {
            return backEnd.Process;
        }

        backEnd.Waiting = null;
        _items.Remove(key);
        End(new EndedRecord(key, waiting.Epoch, LaunchOutcome.Lost, 0, 0, UnixMs(), default));
        return null;
    }

    private void EndWithin(BackEnd backEnd, long graceMs)
    {
        if (_running.TryGetValue(backEnd.Process, out var process))
        {
            process.ForceAtBootMs = Math.Min(process.ForceAtBootMs, Libc.BootMs() + graceMs);
            _clockBell.Ring();
        }
    }

    /// <summary>A key is started once for ever, and an instance's run may need several processes.</summary>
    private LaunchKey NewProcessKey(LaunchKey item, int run)
    {
        var key = new LaunchKey(item.JobId, LaunchKey.FirstBackEndSeq, item.Instance, run);
        while (_running.ContainsKey(key) || _run.State.Ended.ContainsKey(key) || _run.State.WasRecorded(key))
        {
            key = key with { Seq = key.Seq - 1 };
        }

        return key;
    }
}

using System.Runtime.InteropServices;
using System.Text;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// Turns the bytes of a start request into a process: own session, default signals, log files opened by the child itself. One thread
/// only. The launcher has exactly one spawner on purpose: at most one intent can then be without its outcome (DESIGN.md).
/// </summary>
internal sealed unsafe class Spawner
{
    internal const int NotFound = 127, NotExecutable = 126;
    private const int FoldersRemembered = 1024;
    private static readonly byte[] DevNull = "/dev/null\0"u8.ToArray();
    private static readonly byte[] ShellPath = "/bin/sh\0"u8.ToArray();
    private readonly void* _attributes = Libc.NewSessionAttributes();
    private readonly void* _actions = NativeMemory.AllocZeroed(Libc.OpaqueBytes);
    private readonly ExecutableSearch _search = new();
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private nint[] _argv = new nint[64];
    private nint[] _envp = new nint[256];
    private long _spawnedFromTicks;
    private int _inherited = -1;

    /// <summary>What came of one start.</summary>
    /// <param name="Pid">The process, or 0.</param>
    /// <param name="ExitCode">As a shell says it when there is none: 127 not found, 126 not executable.</param>
    /// <param name="StartTicks">Its start time as /proc states it.</param>
    internal readonly record struct Result(int Pid, int ExitCode, long StartTicks);

    /// <summary>Starts what the frame asks for (the bytes behind key and epoch).</summary>
    /// <param name="frame">What <see cref="StartCommand"/> wrote, from the working directory on.</param>
    /// <param name="mark"><c>QUBE_RUN=…</c>, by which the process is known again.</param>
    /// <param name="inherited">A descriptor that the process gets as its number 3; -1 for none.</param>
    internal Result Spawn(ReadOnlySpan<byte> frame, string mark, int inherited = -1)
    {
        _inherited = inherited;
        var request = Read(frame);
        PrepareFolders(request);
        Span<byte> markBytes = stackalloc byte[256];
        var markLength = Encoding.UTF8.GetBytes(mark, markBytes);
        markBytes[markLength] = 0;
        fixed (byte* basis = frame, markPointer = markBytes)
        {
            FillPointers(frame, basis, request, markPointer);
            var errno = Try(basis, request, out var pid);
            if (errno is Libc.ENOENT or Libc.EACCES)
            {
                // What was remembered may be out of date: a program moved, a log folder deleted.
                _search.Forget();
                _folders.Clear();
                PrepareFolders(request);
                errno = Try(basis, request, out pid);
            }

            if (errno == 0)
            {
                // Until it has become its program its starter waits, so it is loaded with its starter's slices.
                Libc.GiveOrdinarySlices(pid);
                return new Result(pid, 0, StartTicks(pid));
            }

            ReportFailure(request, errno);
            return new Result(0, errno == Libc.ENOENT ? NotFound : NotExecutable, 0);
        }
    }

    private int Try(byte* basis, Request request, out int pid)
    {
        pid = 0;
        var program = _search.Find(request.Program, request.Path, request.WorkingDirectory, Libc.BootMs(), out var errno);
        if (program is null)
        {
            return errno;
        }

        _ = Libc.FileActionsInit(_actions);
        try
        {
            fixed (byte* devNull = DevNull)
            {
                var stdout = request.Stdout.Length == 0 ? devNull : basis + request.Stdout.Offset;
                var stderr = request.Stderr.Length == 0 ? devNull : basis + request.Stderr.Offset;
                const int append = Libc.OWrOnly | Libc.OCreat | Libc.OAppend;
                _ = Libc.FileActionsAddOpen(_actions, 0, devNull, Libc.ORdOnly, 0);
                _ = Libc.FileActionsAddOpen(_actions, 1, stdout, append, 0x1b4);
                if (request.StdoutPath == request.StderrPath)
                {
                    _ = Libc.FileActionsAddDup2(_actions, 1, 2);
                }
                else
                {
                    _ = Libc.FileActionsAddOpen(_actions, 2, stderr, append, 0x1b4);
                }
            }

            if (_inherited >= 0)
            {
                // Without the close-on-exec of ours, also where the number is the same.
                _ = Libc.FileActionsAddDup2(_actions, _inherited, BackEnd.Descriptor);
            }

            if (request.WorkingDirectory is not null)
            {
                _ = Libc.FileActionsAddChdir(_actions, basis + request.Cwd.Offset);
            }

            return Execute(program, ref pid);
        }
        finally
        {
            _ = Libc.FileActionsDestroy(_actions);
        }
    }

    private int Execute(string program, ref int pid)
    {
        Span<byte> path = stackalloc byte[4096];
        if (Encoding.UTF8.GetByteCount(program) >= path.Length)
        {
            return Libc.ENOENT;
        }

        path[Encoding.UTF8.GetBytes(program, path)] = 0;
        int child;
        int errno;
        fixed (byte* pathPointer = path, shell = ShellPath)
        fixed (nint* argv = _argv, envp = _envp)
        {
            _spawnedFromTicks = Libc.BootTicks();

            // argv[0] is kept free for the shell which runs a script without a #! line, as execvp does.
            errno = Libc.PosixSpawn(&child, pathPointer, _actions, _attributes, (byte**)(argv + 1), (byte**)envp);
            if (errno == Libc.ENOEXEC)
            {
                var name = argv[1];
                argv[0] = (nint)shell;
                argv[1] = (nint)pathPointer;
                errno = Libc.PosixSpawn(&child, shell, _actions, _attributes, (byte**)argv, (byte**)envp);
                argv[1] = name;
            }
        }

        pid = child;
        return errno;
    }

    /// <summary>Begun and known to be running within one tick, it began in that tick. /proc is asked only across a tick's end, one start in ten:
    /// its stat line waits for the kernel to finish the exec, which would cost every start half a millisecond, on a busy machine several. The reaper does not take a child off the process table before it is registered,
    /// so the line can always be read.</summary>
    private long StartTicks(int pid) =>
        Libc.BootTicks() == _spawnedFromTicks ? _spawnedFromTicks : ProcFs.Read(pid) is { } stat ? stat.StartTicks : 0;

    private void FillPointers(ReadOnlySpan<byte> frame, byte* basis, Request request, byte* mark)
    {
        Grow(ref _argv, request.ArgumentCount + 2);
        Grow(ref _envp, request.VariableCount + 2);
        var at = request.ArgumentsAt;
        for (var i = 0; i < request.ArgumentCount; i++)
        {
            _argv[i + 1] = (nint)(basis + StartCommand.ReadText(frame, ref at).Offset);
        }

        _argv[request.ArgumentCount + 1] = 0;
        at = request.VariablesAt;
        var count = 0;
        for (var i = 0; i < request.VariableCount; i++)
        {
            var (offset, length) = StartCommand.ReadText(frame, ref at);

            // A render farm inside a frame of a render farm passes its own mark on; ours must be the only one.
            if (!frame.Slice(offset, length).StartsWith("QUBE_RUN="u8))
            {
                _envp[count++] = (nint)(basis + offset);
            }
        }

        _envp[count++] = (nint)mark;
        _envp[count] = 0;
    }

    private static void Grow(ref nint[] pointers, int count)
    {
        if (pointers.Length < count)
        {
            pointers = new nint[count * 2];
        }
    }

    private static Request Read(ReadOnlySpan<byte> frame)
    {
        var at = 0;
        var cwd = StartCommand.ReadText(frame, ref at);
        var stdout = StartCommand.ReadText(frame, ref at);
        var stderr = StartCommand.ReadText(frame, ref at);
        var arguments = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(frame[at..]);
        at += 4;
        var argumentsAt = at;
        var first = StartCommand.ReadText(frame, ref at);
        for (var i = 1; i < arguments; i++)
        {
            StartCommand.ReadText(frame, ref at);
        }

        var variables = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(frame[at..]);
        at += 4;
        var variablesAt = at;
        string? path = null;
        for (var i = 0; i < variables; i++)
        {
            var (offset, length) = StartCommand.ReadText(frame, ref at);
            if (frame.Slice(offset, length).StartsWith("PATH="u8))
            {
                path = Encoding.UTF8.GetString(frame.Slice(offset + 5, length - 5));
            }
        }

        var cwdPath = Text(frame, cwd);
        return new Request(
            cwd, stdout, stderr, cwdPath.Length > 0 && Directory.Exists(cwdPath) ? cwdPath : null, Text(frame, stdout), Text(frame, stderr),
            Text(frame, first), path, arguments, argumentsAt, variables, variablesAt);
    }

    private static string Text(ReadOnlySpan<byte> frame, (int Offset, int Length) part) =>
        Encoding.UTF8.GetString(frame.Slice(part.Offset, part.Length));

    private void PrepareFolders(Request request)
    {
        PrepareFolder(request.StdoutPath);
        PrepareFolder(request.StderrPath);
    }

    private void PrepareFolder(string path)
    {
        if (Path.GetDirectoryName(path) is not { Length: > 0 } folder || _folders.Contains(folder))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The spawn fails on it and says so.
            LauncherLog.Write($"{folder}: {e.Message}");
            return;
        }

        if (_folders.Count >= FoldersRemembered)
        {
            _folders.Clear();
        }

        _folders.Add(folder);
    }

    private static void ReportFailure(Request request, int errno)
    {
        var text = $"qube launcher: cannot start '{request.Program}': {Libc.Message(errno)}\n";
        if (request.StderrPath.Length == 0)
        {
            return;
        }

        try
        {
            File.AppendAllText(request.StderrPath, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LauncherLog.Write($"{request.StderrPath}: {e.Message}");
        }
    }

    private sealed record Request(
        (int Offset, int Length) Cwd, (int Offset, int Length) Stdout, (int Offset, int Length) Stderr, string? WorkingDirectory,
        string StdoutPath, string StderrPath, string Program, string? Path, int ArgumentCount, int ArgumentsAt, int VariableCount, int VariablesAt);
}

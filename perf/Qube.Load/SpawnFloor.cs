using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Qube.Load;

/// <summary>
/// W1's reference: how many processes a second this machine starts and reaps when .NET does nothing else. The attributes are those of
/// a launched frame (own session, default signals, empty mask, files on /dev/null, <c>/bin/true</c> with one argument); the calls are its
/// own, so that a slower launcher cannot lower its own floor.
/// </summary>
public static unsafe partial class SpawnFloor
{
    private const int OpaqueBytes = 512;
    private const short SetSigDef = 0x04, SetSigMask = 0x08, SetSid = 0x80;

    /// <summary>Processes per second.</summary>
    /// <param name="count">How many to run.</param>
    /// <param name="atOnce">How many may be alive at once: each has a thread that spawns one and waits for it.</param>
    /// <exception cref="InvalidOperationException">A process could not be started or did not exit with 0.</exception>
    public static double FramesPerSecond(int count, int atOnce)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        var left = count;
        Exception? failure = null;
        var threads = new Thread[atOnce];
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < atOnce; i++)
        {
            threads[i] = new Thread(() =>
            {
                try
                {
                    using var spawner = new One();
                    while (Interlocked.Decrement(ref left) >= 0)
                    {
                        spawner.Run();
                    }
                }
                catch (InvalidOperationException e)
                {
                    failure = e;
                }
            });
            threads[i].Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        return failure is null ? count / clock.Elapsed.TotalSeconds : throw failure;
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn(int* pid, byte* path, void* fileActions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(void* attributes, void* set);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(void* attributes, void* set);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_addopen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc")]
    private static partial int sigfillset(void* set);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);

    private sealed class One : IDisposable
    {
        private readonly void* _attributes = NativeMemory.AllocZeroed(OpaqueBytes);
        private readonly void* _actions = NativeMemory.AllocZeroed(OpaqueBytes);
        private readonly byte* _program = Text("/bin/true");
        private readonly byte* _argument = Text("1");
        private readonly byte* _variable = Text("PATH=/usr/bin:/bin");
        private readonly byte* _devNull = Text("/dev/null");

        public One()
        {
            var set = stackalloc byte[128];
            new Span<byte>(set, 128).Clear();
            _ = posix_spawnattr_init(_attributes);
            _ = posix_spawnattr_setsigmask(_attributes, set);
            _ = sigfillset(set);
            _ = posix_spawnattr_setsigdefault(_attributes, set);
            _ = posix_spawnattr_setflags(_attributes, SetSigDef | SetSigMask | SetSid);
            _ = posix_spawn_file_actions_init(_actions);
            for (var fd = 0; fd < 3; fd++)
            {
                _ = posix_spawn_file_actions_addopen(_actions, fd, _devNull, fd == 0 ? 0 : 0x401, 0);
            }
        }

        public void Run()
        {
            var argv = stackalloc byte*[] { _program, _argument, null };
            var envp = stackalloc byte*[] { _variable, null };
            int pid;
            int status;
            var errno = posix_spawn(&pid, _program, _actions, _attributes, argv, envp);
            if (errno != 0)
            {
                throw new InvalidOperationException($"posix_spawn /bin/true: {Marshal.GetPInvokeErrorMessage(errno)}");
            }

            while (waitpid(pid, &status, 0) < 0)
            {
                if (Marshal.GetLastPInvokeError() != 4)
                {
                    throw new InvalidOperationException($"waitpid {pid}: {Marshal.GetLastPInvokeErrorMessage()}");
                }
            }

            if (status != 0)
            {
                throw new InvalidOperationException($"/bin/true ended with status {status:x}");
            }
        }

        public void Dispose()
        {
            _ = posix_spawn_file_actions_destroy(_actions);
            foreach (var memory in (ReadOnlySpan<nint>)[(nint)_attributes, (nint)_actions, (nint)_program, (nint)_argument, (nint)_variable, (nint)_devNull])
            {
                NativeMemory.Free((void*)memory);
            }
        }

        private static byte* Text(string text)
        {
            var pointer = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
            System.Text.Encoding.ASCII.GetBytes(text, new Span<byte>(pointer, text.Length));
            return pointer;
        }
    }
}

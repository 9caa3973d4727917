using System.Collections;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Qube.Load.Measure;

/// <summary>What the kernel and .NET allow at most: <c>posix_spawn</c> and <c>waitpid</c> by P/Invoke, nothing else, with the argument vector of
/// the frames that are measured against it.</summary>
internal static unsafe partial class SpawnFloor
{
    /// <summary>Processes per second, spawned and reaped, <paramref name="atOnce"/> at a time, each on a thread of its own.</summary>
    public static double PerSecond(string[] arguments, int count, int atOnce)
    {
        using var vector = new Vector(arguments);
        var left = count;
        var watch = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, atOnce).Select(_ => new Thread(
            () =>
            {
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    Reap(vector.Spawn());
                }
            },
            256 << 10)).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return count / watch.Elapsed.TotalSeconds;
    }

    /// <summary>How long one <c>posix_spawn</c> takes until the program runs (it returns after the exec), each reaped before the next.</summary>
    /// <param name="onSpawn">Gets each time, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="pause">Before each; zero for none.</param>
    public static void OneByOne(string[] arguments, int count, Action<long> onSpawn, TimeSpan pause = default)
    {
        using var vector = new Vector(arguments);
        for (var i = 0; i < count; i++)
        {
            Thread.Sleep(pause);
            var start = Stopwatch.GetTimestamp();
            var pid = vector.Spawn();
            onSpawn(Stopwatch.GetTimestamp() - start);
            Reap(pid);
        }
    }

    private static void Reap(int pid)
    {
        int status;
        while (WaitPid(pid, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != 4)
            {
                throw new InvalidOperationException($"waitpid({pid}): {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
            }
        }

        if (status != 0)
        {
            throw new InvalidOperationException($"a process of the spawn floor ended with status {status}");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int PosixSpawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, int* status, int options);

    /// <summary>Arguments and this process's environment as C wants them.</summary>
    private sealed class Vector : IDisposable
    {
        private readonly List<nint> _texts = [];
        private readonly nint[] _argv;
        private readonly nint[] _envp;

        public Vector(string[] arguments)
        {
            _argv = Texts(arguments);
            _envp = Texts(Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}"));
        }

        public int Spawn()
        {
            int pid;
            fixed (nint* argv = _argv, envp = _envp)
            {
                var errno = PosixSpawn(&pid, *(byte**)argv, null, null, (byte**)argv, (byte**)envp);
                return errno == 0 ? pid : throw new InvalidOperationException($"posix_spawn: {Marshal.GetPInvokeErrorMessage(errno)}");
            }
        }

        public void Dispose() => _texts.ForEach(Marshal.FreeHGlobal);

        private nint[] Texts(IEnumerable<string> texts) =>
        [
            .. texts.Select(text =>
            {
                var bytes = Encoding.UTF8.GetBytes(text + '\0');
                var pointer = Marshal.AllocHGlobal(bytes.Length);
                Marshal.Copy(bytes, 0, pointer, bytes.Length);
                _texts.Add(pointer);
                return pointer;
            }),
            0,
        ];
    }
}

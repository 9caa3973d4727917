using System.Collections;
using System.Text;

namespace Qube.Node.Launcher;

/// <summary>Starts a keeper, or a keeper's launcher: own session, no descriptor of ours, output to <c>DIR/launcher.log</c>.</summary>
internal static unsafe class LauncherStarter
{
    internal const string LogName = "launcher.log";

    /// <summary>Its pid; it is a child of ours until either dies.</summary>
    /// <exception cref="IOException">It cannot be executed.</exception>
    internal static int Start(string verb, LauncherArguments options)
    {
        var arguments = Command(options);
        arguments.Add(verb);
        arguments.AddRange(options.ToCommandLine());
        var pointers = new List<nint>();
        var attributes = Libc.NewSessionAttributes();
        var actions = System.Runtime.InteropServices.NativeMemory.AllocZeroed(Libc.OpaqueBytes);
        try
        {
            var argv = Strings(arguments, pointers);
            var envp = Strings(Variables(options), pointers);
            var log = (byte*)Text(Path.Combine(options.Folder, LogName), pointers);
            var devNull = (byte*)Text("/dev/null", pointers);
            _ = Libc.FileActionsInit(actions);
            _ = Libc.FileActionsAddOpen(actions, 0, devNull, Libc.ORdOnly, 0);
            _ = Libc.FileActionsAddOpen(actions, 1, log, Libc.OWrOnly | Libc.OCreat | Libc.OAppend, 0x180);
            _ = Libc.FileActionsAddDup2(actions, 1, 2);

            // Whoever started the node may have handed it a pipe and wait for its end: the launcher outlives the node and must not hold it.
            _ = Libc.FileActionsAddCloseFrom(actions, 3);
            int pid;
            int errno;
            fixed (nint* arg = argv, env = envp)
            {
                errno = Libc.PosixSpawn(&pid, *(byte**)arg, actions, attributes, (byte**)arg, (byte**)env);
            }

            _ = Libc.FileActionsDestroy(actions);
            return errno == 0 ? pid : throw new IOException($"{arguments[0]}: {Libc.Message(errno)}");
        }
        finally
        {
            pointers.ForEach(System.Runtime.InteropServices.Marshal.FreeHGlobal);
            System.Runtime.InteropServices.NativeMemory.Free(actions);
            System.Runtime.InteropServices.NativeMemory.Free(attributes);
        }
    }

    /// <summary>The last lines of the launcher's log, for the message of an error.</summary>
    internal static string LastWords(string folder)
    {
        try
        {
            return string.Join(" | ", File.ReadLines(Path.Combine(folder, LogName)).TakeLast(3));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static List<string> Command(LauncherArguments options)
    {
        var executable = options.ExecutablePath ?? Environment.ProcessPath ?? throw new IOException("this process does not know its own executable");
        return Path.GetFileName(executable) == "dotnet"
            ? [executable, Path.Combine(AppContext.BaseDirectory, "qube.dll")]
            : [executable];
    }

    private static IEnumerable<string> Variables(LauncherArguments options)
    {
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (!options.Environment.ContainsKey((string)variable.Key))
            {
                yield return $"{variable.Key}={variable.Value}";
            }
        }

        foreach (var (name, value) in options.Environment)
        {
            yield return $"{name}={value}";
        }
    }

    private static nint[] Strings(IEnumerable<string> texts, List<nint> pointers) => [.. texts.Select(t => Text(t, pointers)), 0];

    private static nint Text(string text, List<nint> pointers)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var pointer = System.Runtime.InteropServices.Marshal.AllocHGlobal(bytes.Length);
        bytes.CopyTo(new Span<byte>((void*)pointer, bytes.Length));
        pointers.Add(pointer);
        return pointer;
    }
}

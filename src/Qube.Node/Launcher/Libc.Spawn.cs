using System.Runtime.InteropServices;

namespace Qube.Node.Launcher;

/// <summary>posix_spawn and its attributes. The opaque structures are 80 (file actions) and 336 (attributes) bytes in glibc; larger is safe.</summary>
internal static unsafe partial class Libc
{
    internal const int OpaqueBytes = 512;
    internal const short SpawnSetSigDef = 0x04, SpawnSetSigMask = 0x08, SpawnSetSid = 0x80;

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    internal static partial int PosixSpawn(int* pid, byte* path, void* fileActions, void* attributes, byte** argv, byte** envp);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    internal static partial int SpawnAttrInit(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    internal static partial int SpawnAttrSetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    internal static partial int SpawnAttrSetSigDefault(void* attributes, void* set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    internal static partial int SpawnAttrSetSigMask(void* attributes, void* set);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    internal static partial int FileActionsInit(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    internal static partial int FileActionsDestroy(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    internal static partial int FileActionsAddOpen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    internal static partial int FileActionsAddDup2(void* actions, int fd, int newFd);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    internal static partial int FileActionsAddChdir(void* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    internal static partial int FileActionsAddCloseFrom(void* actions, int from);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    internal static partial int SigEmptySet(void* set);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    internal static partial int SigAddSet(void* set, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    internal static partial nint Signal(int signal, nint handler);

    /// <summary>
    /// Attributes for a child in a session of its own with every signal at its default and none blocked: .NET ignores SIGPIPE
    /// and a child would inherit that. Allocated once, never freed.
    /// </summary>
    internal static void* NewSessionAttributes()
    {
        var attributes = NativeMemory.AllocZeroed(OpaqueBytes);
        _ = SpawnAttrInit(attributes);
        var set = stackalloc byte[128];
        _ = SigEmptySet(set);
        _ = SpawnAttrSetSigMask(attributes, set);
        for (var signal = 1; signal <= 31; signal++)
        {
            if (signal is not (SIGKILL or SIGSTOP))
            {
                _ = SigAddSet(set, signal);
            }
        }

        _ = SpawnAttrSetSigDefault(attributes, set);
        _ = SpawnAttrSetFlags(attributes, SpawnSetSigDef | SpawnSetSigMask | SpawnSetSid);
        return attributes;
    }
}

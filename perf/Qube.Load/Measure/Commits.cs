using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Qube.Load.Measure;

/// <summary>Counts the commits of every <c>journal.db</c> that this process opens, by SQLite's own commit hook: nothing in the farm knows of it.</summary>
internal static unsafe partial class Commits
{
    private static long _count;

    public static long Count => Interlocked.Read(ref _count);

    /// <summary>Once, before the first journal is opened.</summary>
    public static void Watch()
    {
        _ = AutoExtension(&OnOpen);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(nint db, nint error, nint api)
    {
        var name = Marshal.PtrToStringUTF8(DbFilename(db, 0));
        if (name is not null && name.EndsWith("/journal.db", StringComparison.Ordinal))
        {
            _ = CommitHook(db, &OnCommit, 0);
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnCommit(nint argument)
    {
        Interlocked.Increment(ref _count);
        return 0;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_auto_extension")]
    private static partial int AutoExtension(delegate* unmanaged[Cdecl]<nint, nint, nint, int> entry);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_commit_hook")]
    private static partial nint CommitHook(nint db, delegate* unmanaged[Cdecl]<nint, int> hook, nint argument);

    /// <summary>A null name is the main database.</summary>
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_db_filename")]
    private static partial nint DbFilename(nint db, nint name);
}

using System.Runtime.InteropServices;

namespace Qube.Actions.Scripts;

/// <summary>Signals to whole process groups.</summary>
internal static partial class ProcessGroups
{
    private const int Sigkill = 9;

    /// <summary>Kills every process of a group; one that is gone already is no error.</summary>
    public static void Kill(int processGroup)
    {
        // 0 and 1 are "our own group" and "everybody".
        if (processGroup > 1)
        {
            _ = kill(-processGroup, Sigkill);
        }
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int kill(int pid, int signal);
}

using Qube.Node.Launcher;

namespace Qube.Node.Roles;

/// <summary>The folder that holds everything a farm writes, and the lock that keeps a second farm out of it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FileLock held;

    private DataFolder(string path, FileLock held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    /// <summary>Root of the job logs (spec/jobs.md §8.1).</summary>
    public string Logs => System.IO.Path.Combine(Path, "log");

    /// <summary>The launcher's state.</summary>
    public string Launcher => System.IO.Path.Combine(Path, "launcher");

    /// <summary>Creates it if need be, for this user alone: it holds scripts, environments and logs.</summary>
    /// <exception cref="IOException">It cannot be created, or another farm runs on it.</exception>
    public static DataFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            var held = FileLock.TryTake(path, "farm.lock") ?? throw new IOException($"--data {path}: another farm or worker runs on this folder");
            var folder = new DataFolder(path, held);
            Directory.CreateDirectory(folder.Logs);
            return folder;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException($"--data {path}: {denied.Message}", denied);
        }
    }

    public void Dispose() => held.Dispose();
}

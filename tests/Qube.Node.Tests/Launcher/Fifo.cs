using System.Diagnostics;
using Xunit;

namespace Qube.Node.Tests.Launcher;

/// <summary>A pipe with a name, at which processes of a test wait until they may go on.</summary>
internal sealed class Fifo : IDisposable
{
    private readonly string _path;
    private FileStream? _opened;

    public Fifo(string path)
    {
        _path = path;
        using var made = Process.Start("mkfifo", path);
        Assert.True(made.WaitForExit(LaunchPeer.Limit) && made.ExitCode == 0, $"mkfifo {path}");
    }

    /// <summary>Lets one line through to whoever reads; it is held open for both directions, so that this never waits.</summary>
    public void Open()
    {
        _opened ??= new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        _opened.Write("\n"u8);
        _opened.Flush();
    }

    public void Dispose() => _opened?.Dispose();
}

namespace Qube.Cluster.Tests.Farms;

/// <summary>Scripts of callbacks run as nobody where the tests run as root, and write down what they see as frames do.</summary>
internal static class OpenToAll
{
    public static void Folder(string path) => File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);

    public static void EmptyFile(string path)
    {
        File.Create(path).Dispose();
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
    }
}

namespace Qube.Cluster.Tests.Farms;

/// <summary>Where the sources are: scripts and the python module are used as they are there.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Python => Path.Combine(Root, "src", "python");

    public static string Perl => Path.Combine(Root, "src", "perl");

    public static string Script(string name) => Path.Combine(Root, "tests", "Qube.Cluster.Tests", "Scripts", name);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Qube.Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Qube.Actors.sln above {AppContext.BaseDirectory}");
    }
}

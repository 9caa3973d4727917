namespace Qube.Node.Launcher;

/// <summary>How a worker node reaches its host's launcher.</summary>
public sealed record LauncherClientOptions
{
    /// <summary>The launcher's state folder (run file, socket, lock, log); made if missing. One launcher per folder.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// The <c>qube</c> executable; null is this process's own. Where that is <c>dotnet</c>, <c>qube.dll</c> beside this assembly is
    /// its first argument.
    /// </summary>
    public string? ExecutablePath { get; init; }

    /// <summary>
    /// Length of the host's lease, seconds (design.md §4: 120). A launcher that is already there keeps the length it was started with.
    /// Short, a pause of the node kills renders; long, an item of a host that is cut off waits as long for its next run.
    /// </summary>
    public int LeaseSeconds { get; init; } = LauncherProcess.DefaultLeaseSeconds;

    /// <summary>How long the first connection may take, seconds, the launcher's start included.</summary>
    public int ConnectSeconds { get; init; } = 30;

    /// <summary>
    /// True (default): this process becomes a subreaper, so that what a dead launcher of its own leaves comes to it and even an end in
    /// that very millisecond has its true exit code. The price: it also adopts, and reaps within a minute, whatever daemons its other
    /// children leave behind.
    /// </summary>
    public bool AdoptOrphans { get; init; } = true;

    /// <summary>Variables that a launcher started by this client gets over those of this process. Tests arm crash points so.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    internal LauncherArguments ToArguments() => new(Path.GetFullPath(Folder), LeaseSeconds) { Environment = Environment, ExecutablePath = ExecutablePath };
}

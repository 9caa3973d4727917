using System.Net;

namespace Qube.Node.Roles;

/// <summary>What <c>qube up</c>, <c>qube supervisor</c> and <c>qube worker</c> are told (design §7). What a role does not have it does not read.</summary>
public sealed record UpOptions
{
    /// <summary>What this process is.</summary>
    public NodeRole Role { get; init; } = NodeRole.Both;

    /// <summary>Everything it writes is under here; started again on the same folder it goes on where it was.</summary>
    public string Data { get; init; } = DefaultData();

    /// <summary>HTTP port; 0 is any free one.</summary>
    public int Port { get; init; } = 50001;

    /// <summary>Port of the actor system; 0 is any free one.</summary>
    public int ClusterPort { get; init; } = 50002;

    /// <summary>Worker slots; default one per core.</summary>
    public int Slots { get; init; } = Environment.ProcessorCount;

    /// <summary>The host's name in the farm.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>HOCON laid over <c>cluster.hocon</c>; null for none.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Lease of what runs here, seconds (design §4): how long renders go on without their supervisor.</summary>
    public int LeaseSeconds { get; init; } = 120;

    /// <summary>How long a job stays away from a host that it was migrated from, seconds (<c>supervisor_migrate_timeout</c>).</summary>
    public int MigrateTimeoutSeconds { get; init; } = 1200;

    /// <summary>Languages of callbacks that are switched on, between commas; null is all (<c>supervisor_language_flags</c>).</summary>
    public string? Languages { get; init; }

    /// <summary>Folders of universal callbacks, between commas (<c>supervisor_universal_callback_path</c>); null is what the configuration says, which
    /// by default is <c>callback</c> in the data folder.</summary>
    public string? UniversalCallbackPath { get; init; }

    /// <summary>Folders of job types, between commas (<c>worker_template_path</c>); null is <c>jobtypes</c> in the data folder.</summary>
    public string? JobTypePath { get; init; }

    /// <summary>PostgreSQL's connection string; null is <c>QUBE_DB</c>, else <c>qube.db</c> of the configuration, else SQLite under <see cref="Data"/>.</summary>
    public string? Db { get; init; }

    /// <summary>How many supervisors the farm has: 1, 3 or 5. Null is <c>qube.supervisors</c> of the configuration.</summary>
    public int? Supervisors { get; init; }

    /// <summary><c>HOST:PORT</c> of supervisors' actor systems: the same list, in the same order, for all. Empty is <c>qube.seeds</c> of the configuration.</summary>
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Root of the job logs; with several supervisors a folder that all of them and all workers see. Null is <c>log</c> in the data folder.</summary>
    public string? LogPath { get; init; }

    /// <summary>How long a worker that is asked to go waits for what runs, in seconds; what runs then is killed and runs again elsewhere.</summary>
    public int DrainSeconds { get; init; } = 60;

    /// <summary>Path replacements, <c>FROM=TO</c> between commas, in order (<c>worker_path_map</c>); null is what the configuration says.</summary>
    public string? WorkerPathMap { get; init; }

    /// <summary>Folder of the host's own flight checks (<c>worker_flight_check_path</c>); null is what the configuration says, which by default is
    /// <c>flightCheck</c> in the data folder.</summary>
    public string? FlightCheckPath { get; init; }

    /// <summary>File with a line <c>user token</c> for everybody who may ask; null: whoever reaches the API may do everything.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Address that HTTP and the actor system listen at.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>The host that others reach this one by; null is the address, or of all addresses the machine's name.</summary>
    public string? Advertise { get; init; }

    /// <summary>Folder with <c>cert.pem</c>, <c>key.pem</c> and <c>ca.pem</c>; null: nothing is encrypted.</summary>
    public string? TlsDir { get; init; }

    /// <summary>True: log what goes on, not only what goes wrong.</summary>
    public bool Verbose { get; init; }

    /// <exception cref="ArgumentException">Names the option that cannot be.</exception>
    public UpOptions Validate()
    {
        Require(Port is >= 0 and <= 65535, "--port", Port, "0 to 65535");
        Require(ClusterPort is >= 0 and <= 65535, "--cluster-port", ClusterPort, "0 to 65535");
        Require(Slots is >= 1 and <= 10_000, "--slots", Slots, "1 to 10000");
        Require(LeaseSeconds is >= 10 and <= 86_400, "--lease-seconds", LeaseSeconds, "10 to 86400");
        Require(MigrateTimeoutSeconds is >= 0 and <= 31_536_000, "--migrate-timeout-seconds", MigrateTimeoutSeconds, "0 to 31536000");
        Require(Name.Length is > 0 and <= 255 && Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'), "--name", Name, "a host name of letters, digits, '.', '-' and '_'");
        Require(Supervisors is null or 1 or 3 or 5, "--supervisors", Supervisors ?? 0, FarmSize.Expected);
        Require(DrainSeconds is >= 0 and <= 86_400, "--drain-seconds", DrainSeconds, "0 to 86400");
        Require(IPAddress.TryParse(Bind, out var address), "--bind", Bind, "an IP address, 0.0.0.0 for all of this machine");
        Require(Advertise is null || Uri.CheckHostName(Advertise) != UriHostNameType.Unknown, "--advertise", Advertise ?? "", "a host name or address, without a port");
        RequireGuard(address!);
        Require(ConfigFile is null || File.Exists(ConfigFile), "--config", ConfigFile ?? "", "a file that exists");
        return this;
    }

    /// <summary>Whoever reaches a port that asks for nothing can do everything, and read what goes by.</summary>
    private void RequireGuard(IPAddress address)
    {
        string[] missing = [.. Missing()];
        if (!IPAddress.IsLoopback(address) && missing.Length > 0)
        {
            throw new ArgumentException($"--bind {Bind}: whoever reaches an address that is not loopback could do everything; it needs {string.Join(" and ", missing)}");
        }

        IEnumerable<string> Missing()
        {
            if (TokenFile is null && Role != NodeRole.Worker)
            {
                yield return "--token-file FILE";
            }

            if (TlsDir is null)
            {
                yield return "--tls-dir DIR";
            }
        }
    }

    /// <summary>The host that others reach this one by.</summary>
    internal string Host => Advertise ?? (IPAddress.TryParse(Bind, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) ? Environment.MachineName : Bind);

    private static string DefaultData() => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".qube");

    internal static void Require(bool holds, string option, object value, string expected)
    {
        if (!holds)
        {
            throw new ArgumentException($"{option} {value}: expected {expected}");
        }
    }
}

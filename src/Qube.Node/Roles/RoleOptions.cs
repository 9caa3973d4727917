using System.CommandLine;

namespace Qube.Node.Roles;

/// <summary>The options of <c>qube up</c>, <c>supervisor</c> and <c>worker</c>, each said once.</summary>
internal sealed class RoleOptions
{
    private static readonly UpOptions s_defaults = new();

    private readonly Option<string> data = new("--data") { Description = "Folder for everything it writes; started again on it, it goes on where it was.", DefaultValueFactory = _ => s_defaults.Data };
    private readonly Option<int> port = new("--port") { Description = "HTTP port; 0 is any free one.", DefaultValueFactory = _ => s_defaults.Port };
    private readonly Option<int> clusterPort;
    private readonly Option<int> slots = new("--slots") { Description = "Worker slots.", DefaultValueFactory = _ => s_defaults.Slots };
    private readonly Option<string> name = new("--name") { Description = "This host's name in the farm.", DefaultValueFactory = _ => s_defaults.Name };
    private readonly Option<string?> config = new("--config") { Description = "HOCON file laid over cluster.hocon." };
    private readonly Option<int> lease = new("--lease-seconds") { Description = "How long renders go on without their supervisor; the same for all of a farm.", DefaultValueFactory = _ => s_defaults.LeaseSeconds };
    private readonly Option<int> migrate = new("--migrate-timeout-seconds") { Description = "How long a job stays away from a host that it was migrated from (supervisor_migrate_timeout).", DefaultValueFactory = _ => s_defaults.MigrateTimeoutSeconds };
    private readonly Option<string?> languages = new("--languages") { Description = "Callback languages switched on, between commas (supervisor_language_flags); default all." };
    private readonly Option<string?> universal = new("--universal-callback-path") { Description = "Folders of callbacks that every job gets, between commas; default callback in the data folder." };
    private readonly Option<string?> jobTypes = new("--jobtype-path") { Description = "Folders of job types, between commas (worker_template_path); default jobtypes in the data folder." };
    private readonly Option<string?> pathMap = new("--worker-path-map") { Description = "Path replacements on this host, FROM=TO between commas, in order (worker_path_map)." };
    private readonly Option<string?> flightChecks = new("--flight-check-path") { Description = "Folder with instance/pre, instance/post, agenda/pre and agenda/post (worker_flight_check_path); default flightCheck in the data folder." };
    private readonly Option<string?> db = new("--db") { Description = "PostgreSQL connection string of the journal (also QUBE_DB, or qube.db in the configuration); default SQLite in the data folder." };
    private readonly Option<int?> supervisors = new("--supervisors") { Description = "How many supervisors the farm has: 1, 3 or 5." };
    private readonly Option<string[]> seeds = new("--seed") { Description = "HOST:PORT of a supervisor's cluster port; repeatable, the same list for all of a farm.", DefaultValueFactory = _ => [] };
    private readonly Option<string?> logPath = new("--log-path") { Description = "Root of the job logs (supervisor_logpath): a folder that all supervisors and workers see; default log in the data folder." };
    private readonly Option<int> drain = new("--drain-seconds") { Description = "How long it waits for what runs when it is asked to go; what runs then is killed and runs again elsewhere.", DefaultValueFactory = _ => s_defaults.DrainSeconds };
    private readonly Option<bool> verbose = new("--verbose") { Description = "Log what goes on, not only what goes wrong." };
    private readonly Option<string?> tokens = new("--token-file") { Description = "File with a line 'user token' for everybody who may ask, '@cluster secret' for several supervisors; without it whoever reaches the API may do everything." };
    private readonly Option<string> bind = new("--bind") { Description = "Address that it listens at; one that is not loopback needs --tls-dir, and where there is an API --token-file.", DefaultValueFactory = _ => s_defaults.Bind };
    private readonly Option<string?> advertise = new("--advertise") { Description = "Host name that others reach it by; default the address of --bind." };
    private readonly Option<string?> tls = new("--tls-dir") { Description = "Folder with cert.pem, key.pem and ca.pem: HTTPS, and between nodes only certificates of that authority." };
    private readonly NodeRole role;

    public RoleOptions(NodeRole role)
    {
        this.role = role;

        // A supervisor is looked for at its port; nobody looks for a worker.
        clusterPort = new("--cluster-port") { Description = "Port of the actor system; 0 is any free one.", DefaultValueFactory = _ => role == NodeRole.Worker ? 0 : s_defaults.ClusterPort };
    }

    public void AddTo(Command command)
    {
        Option[] shared = [data, clusterPort, name, config, lease, bind, advertise, tls, verbose];
        Option[] supervisor = [port, migrate, languages, universal, db, logPath, tokens];
        Option[] worker = [slots, jobTypes, pathMap, flightChecks];
        Option[] own = role switch
        {
            NodeRole.Supervisor => [.. supervisor, supervisors, seeds],
            NodeRole.Worker => [.. worker, seeds, drain],
            _ => [.. supervisor, .. worker],
        };
        foreach (var option in shared.Concat(own))
        {
            command.Add(option);
        }
    }

    public UpOptions Read(ParseResult parsed)
    {
        var read = new UpOptions
        {
            Role = role,
            Data = parsed.GetValue(data)!,
            ClusterPort = parsed.GetValue(clusterPort),
            Name = parsed.GetValue(name)!,
            ConfigFile = parsed.GetValue(config),
            LeaseSeconds = parsed.GetValue(lease),
            Bind = parsed.GetValue(bind)!,
            Advertise = parsed.GetValue(advertise),
            TlsDir = parsed.GetValue(tls),
            Verbose = parsed.GetValue(verbose),
        };
        if (role != NodeRole.Worker)
        {
            read = read with
            {
                Port = parsed.GetValue(port),
                MigrateTimeoutSeconds = parsed.GetValue(migrate),
                Languages = parsed.GetValue(languages),
                UniversalCallbackPath = parsed.GetValue(universal),
                Db = parsed.GetValue(db),
                LogPath = parsed.GetValue(logPath),
                TokenFile = parsed.GetValue(tokens),
            };
        }

        if (role != NodeRole.Supervisor)
        {
            read = read with
            {
                Slots = parsed.GetValue(slots),
                JobTypePath = parsed.GetValue(jobTypes),
                WorkerPathMap = parsed.GetValue(pathMap),
                FlightCheckPath = parsed.GetValue(flightChecks),
            };
        }

        return role switch
        {
            NodeRole.Supervisor => read with { Supervisors = parsed.GetValue(supervisors), Seeds = parsed.GetValue(seeds) ?? [] },
            NodeRole.Worker => read with { Seeds = parsed.GetValue(seeds) ?? [], DrainSeconds = parsed.GetValue(drain) },
            _ => read with { Supervisors = 1 },
        };
    }
}

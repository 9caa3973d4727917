using System.Collections;
using Qube.Contracts;
using Qube.Domain.Execution;

namespace Qube.Actors.Workers;

/// <summary>What a worker node is and how it behaves. Constant for its life.</summary>
public sealed record WorkerOptions
{
    /// <summary>The host's name in the farm.</summary>
    public required string Host { get; init; }

    /// <summary>host.processors. The dispatcher keeps the count; the worker runs what it is given.</summary>
    public int Slots { get; init; } = 1;

    public int MemoryMegabytes { get; init; }

    public string Address { get; init; } = "";

    public string MacAddress { get; init; } = "";

    public string Cluster { get; init; } = "/";

    public string Groups { get; init; } = "";

    public string Restrictions { get; init; } = "";

    /// <summary><c>host.os=linux,…</c></summary>
    public string Properties { get; init; } = "";

    /// <summary>Beyond processors and memory: <c>host.x=total,…</c></summary>
    public string Resources { get; init; } = "";

    public string[] Jobtypes { get; init; } = [];

    /// <summary>Job types beyond those that run commands, and how their back ends are started.</summary>
    public IReadOnlyDictionary<string, BackEndProgram> BackEnds { get; init; } = new Dictionary<string, BackEndProgram>();

    public string Description { get; init; } = "";

    /// <summary>Changes when the machine restarts.</summary>
    public string BootId { get; init; } = "";

    /// <summary>Root of the job logs where the supervisor names none.</summary>
    public string LogPath { get; init; } = "";

    /// <summary><c>QB_SUPERVISOR</c> of processes where the supervisor names none.</summary>
    public string SupervisorUrl { get; init; } = "";

    /// <summary><c>QB_DOMAIN</c> of processes.</summary>
    public string Domain { get; init; } = "qube";

    /// <summary><c>QBDIR</c> of processes; empty sets none.</summary>
    public string QubeFolder { get; init; } = "";

    /// <summary><c>worker_path_map</c>.</summary>
    public PathMap PathMap { get; init; } = PathMap.Empty;

    /// <summary><c>worker_flight_check_path</c>: the host's own flight checks (spec/jobs.md §10); empty for none.</summary>
    public string FlightCheckPath { get; init; } = "";

    /// <summary>What processes start from where the job does not bring its submitter's environment; null is this process's own, without
    /// what configures qube itself (<c>QUBE_…</c>: it may hold the journal's password).</summary>
    public IReadOnlyDictionary<string, string>? BaseEnvironment { get; init; }

    /// <summary>The authority of the supervisors' certificates, <c>QB_CA_FILE</c> of processes; null where they have none.</summary>
    public string? CaFile { get; init; }

    /// <summary>False in a simulated farm: neither markers nor offsets are written and no output is read.</summary>
    public bool HasLogFiles { get; init; } = true;

    /// <summary>Distance of heartbeats, milliseconds. Shorter notices a lost gate sooner, for more messages.</summary>
    public int HeartbeatMs { get; init; } = 2000;

    /// <summary>A gate unanswered for this long, milliseconds, is left for the next (design.md §2).</summary>
    public int GateAnswerMs { get; init; } = 2500;

    /// <summary>Every so many heartbeats the gates that are not in use are greeted too, so that jobs on their nodes reach this host.</summary>
    public int PeerGateBeats { get; init; } = 3;

    /// <summary>How long a report may wait for company while its instance has more to do, milliseconds. An instance that runs dry never
    /// waits.</summary>
    public int ReportHoldMs { get; init; } = 1;

    /// <summary>How long the news that an item has started may wait for company, milliseconds: items shorter than this cost one report, not two.</summary>
    public int StartHoldMs { get; init; } = 20;

    /// <summary>First distance at which what is not recorded is reported again, milliseconds; it doubles up to <see cref="ResendMaxMs"/>.</summary>
    public int ResendFirstMs { get; init; } = 1000;

    public int ResendMaxMs { get; init; } = 5000;

    /// <summary>What runs or ended in the launcher and is claimed by no job is reported unasked after this, milliseconds.</summary>
    public int UnclaimedMs { get; init; } = 30_000;

    /// <summary>Distance at which a launcher that cannot be reached is tried again, milliseconds.</summary>
    public int LauncherRetryMs { get; init; } = 1000;

    /// <summary>Called, on the node's own turn, when a gate answers for the first time or again after silence; null for nobody.</summary>
    public Action<WorkerMessages.Attached>? OnAttached { get; init; }

    /// <exception cref="ArgumentException">Names the option that cannot be.</exception>
    public WorkerOptions Validate()
    {
        Require(Host.Length > 0, nameof(Host), "a host has a name");
        Require(Slots > 0, nameof(Slots), "at least 1");
        Require(HeartbeatMs > 0, nameof(HeartbeatMs), "at least 1 ms");
        Require(GateAnswerMs >= HeartbeatMs, nameof(GateAnswerMs), "not shorter than the heartbeat");
        Require(PeerGateBeats > 0, nameof(PeerGateBeats), "at least 1");
        Require(ReportHoldMs >= 0, nameof(ReportHoldMs), "not negative");
        Require(StartHoldMs >= 0, nameof(StartHoldMs), "not negative");
        Require(ResendFirstMs > 0 && ResendMaxMs >= ResendFirstMs, nameof(ResendMaxMs), "not shorter than the first distance, which is at least 1 ms");
        return this;
    }

    internal WorkerMessages.Attach ToAttach(string incarnation) => new()
    {
        Host = Host,
        BootId = BootId.Length > 0 ? BootId : Workers.BootId.Read(),
        Incarnation = incarnation,
        Slots = Slots,
        MemoryMegabytes = MemoryMegabytes,
        Address = Address,
        MacAddress = MacAddress,
        Cluster = Cluster,
        Groups = Groups,
        Restrictions = Restrictions,
        Properties = Properties,
        Resources = Resources,
        Jobtypes = Jobtypes,
        Description = Description,
        FlightChecks = FlightFolders.OfInstances(FlightCheckPath),
    };

    internal IReadOnlyDictionary<string, string> ReadBaseEnvironment()
    {
        if (BaseEnvironment is not null)
        {
            return BaseEnvironment;
        }

        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            // What this node itself may be asked with is nothing for those whose jobs run here.
            if (!name.StartsWith("QUBE_", StringComparison.Ordinal) && name is not ("QB_TOKEN" or "QB_TOKEN_FILE"))
            {
                environment[name] = (string?)variable.Value ?? "";
            }
        }

        return environment;
    }

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"worker option {option}: {rule}");
        }
    }
}

using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Persistence;
using Qube.Actions.External;
using Qube.Actions.Scripts;
using Qube.Actors;
using Qube.Actors.Composition;
using Qube.Actors.Dispatch;
using Qube.Actors.Farm;
using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Contracts.Scripts;
using Qube.Domain.Jobs;
using Qube.Domain.Submissions;
using Qube.Node.Api;
using Qube.Node.Launcher;
using Qube.Node.Security;
using Qube.Storage;
using Qube.Storage.ReadModel;

namespace Qube.Node.Roles;

/// <summary>A supervisor with its HTTP API, alone or one of several (design §2, <c>qube supervisor</c>); with a worker node in the same process it is a whole
/// farm (<c>qube up</c>), whose launcher is a process beside it.</summary>
public sealed class FarmHost : IAsyncDisposable
{
    /// <summary>All actor systems of a farm have this name: it is a part of their addresses.</summary>
    internal const string SystemName = "qube";

    private static readonly TimeSpan ScriptTokenSlack = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ApiStopLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(1);

    /// <summary>Nothing is read from the folder that the farm happens to be started in, and none is watched: with a data folder below it, every
    /// write of the journal and of a render would wake the watchers.</summary>
    private static readonly WebApplicationOptions WebOptions = new()
    {
        ContentRootPath = AppContext.BaseDirectory,
        Args = ["--hostBuilder:reloadConfigOnChange=false"],
    };

    private readonly DataFolder folder;
    private readonly ILoggerFactory logging;
    private readonly ScriptPool scripts;
    private readonly ActionRunner actions;
    private readonly ActorSystem system;
    private readonly WebApplication api;
    private readonly LocalWorker? worker;

    private FarmHost(DataFolder folder, ILoggerFactory logging, ScriptPool scripts, ActionRunner actions, ActorSystem system, WebApplication api, LocalWorker? worker, FarmRefs farm, Uri url)
    {
        this.folder = folder;
        this.logging = logging;
        this.scripts = scripts;
        this.actions = actions;
        this.system = system;
        this.api = api;
        this.worker = worker;
        Farm = farm;
        Url = url;
    }

    public FarmRefs Farm { get; }

    /// <summary>Where the HTTP API is served.</summary>
    public Uri Url { get; }

    /// <summary>Completes when the actor system has ended by itself: a supervisor that is cut off stops (design §2).</summary>
    public Task Ended => system.WhenTerminated;

    /// <summary>Starts it, and returns when it serves: one of several supervisors when the majority of them is there.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="connect">How the worker reaches its launcher; null is the real one. A simulated farm replaces this alone.</param>
    /// <param name="worker">Changes to the worker's options; null for none.</param>
    /// <param name="cancel">It is no longer wanted.</param>
    /// <exception cref="ArgumentException">An option or a configuration key cannot be; the message names it.</exception>
    /// <exception cref="IOException">The data folder is in use or cannot be written, or a port is taken.</exception>
    public static async Task<FarmHost> StartAsync(
        UpOptions options, LauncherConnector? connect = null, Func<WorkerOptions, WorkerOptions>? worker = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var files = SystemConfig.Files(options);
        var database = SystemConfig.Database(options, files);
        var size = FarmSize.Of(options, files).ForSupervisor(database);
        SystemConfig.CheckKeys(options, size);
        var tls = options.TlsDir is null ? null : TlsFiles.Read(options.TlsDir);
        var tokens = TokensOf(options, size);
        size = size.Over(tls is not null);
        var folder = DataFolder.Open(options.Data);
        options = options with { Data = folder.Path, LogPath = options.LogPath is null ? folder.Logs : Path.GetFullPath(options.LogPath) };
        var logging = FarmLogging.Create(options.Verbose);
        var port = options.Port == 0 ? FreePort() : options.Port;
        var url = new UriBuilder(tls is null ? "http" : "https", options.Host, port).Uri;
        var guard = tokens is null ? null : new ApiGuard(tokens, Credentials.Open(tokens.ClusterSecret, folder.Path));
        var config = ConfigurationFactory.ParseString(FarmLogging.Hocon).WithFallback(SystemConfig.Of(options, files, size));
        var configured = Configured(config, options, folder, logging);
        var (scripts, actions) = Actions(config, folder, logging, guard, tls);
        var system = ActorSystem.Create(SystemName, SystemConfig.Setup(config, logging, tls));
        try
        {
            var farm = FarmNode.Start(system, NodeOptions(options, folder, database, url, scripts, actions, config, system, guard));
            WarmSnapshots(system);
            var log = logging.CreateLogger("Qube.Supervisor");
            EndWhenQuarantined(system, size, log);
            await SupervisorJoin.Join(system, size, log, cancel);
            var universal = Universal(options, folder, system, logging.CreateLogger("Qube.Callbacks"));
            var apiOptions = new ApiOptions
            {
                System = system,
                Address = IPAddress.Parse(options.Bind),
                Port = port,
                Certificate = tls?.Certificate,
                Guard = guard,
                Name = options.Name,
                LogPath = options.LogPath,
                OpenReadModel = () => OpenReadModel(folder, database),
                TestMail = actions.TestMailAsync,
                JournalTrouble = () => JournalTrouble(system),
                Submissions = new SubmissionOptions { EnabledLanguages = Languages(options.Languages), Universal = universal },
            };
            await SupervisorJoin.FarmAnswers(farm, system, size, log, cancel);
            var api = await Serve(farm, apiOptions, options.Verbose);
            var node = options.Role == NodeRole.Both
                ? StartWorker(system, farm, options, folder, url, connect, worker, configured with { CaFile = tls?.AuthorityFile })
                : null;
            return new FarmHost(folder, logging, scripts, actions, system, api, node, farm, url);
        }
        catch
        {
            await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
            await scripts.DisposeAsync();
            await actions.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The journal's own word, or its silence.</summary>
    private static async Task<string?> JournalTrouble(ActorSystem system)
    {
        using var limit = new CancellationTokenSource(HealthLimit);
        try
        {
            var health = await Persistence.Instance.Apply(system).CheckJournalHealthAsync(StorageConfig.JournalPluginId, limit.Token);
            return health.Status == PersistenceHealthStatus.Healthy ? null : $"the database: {health.Description}";
        }
        catch (Exception silent) when (silent is OperationCanceledException or AskTimeoutException or TimeoutException)
        {
            return "the database does not answer";
        }
    }

    /// <summary>The snapshot store is made, connected and compiled by the first that asks it: not by a job that has lost its supervisor.</summary>
    private static void WarmSnapshots(ActorSystem system) => Persistence.Instance.Apply(system).SnapshotStoreFor(null).Tell(
        new LoadSnapshot("-", SnapshotSelectionCriteria.Latest, long.MaxValue), ActorRefs.NoSender);

    /// <summary>One that was frozen for so long that the others have removed it learns it from them before its own detector has made up its mind, and ends as one that
    /// is cut off. What a worker thinks of it is the worker's business.</summary>
    private static void EndWhenQuarantined(ActorSystem system, FarmSize size, ILogger log) => QuarantineWatcher.Start(system, by =>
    {
        if (size.Seeds.Contains(by) || Cluster.Get(system).State.Members.Any(member => member.Address == by))
        {
            FarmLog.RemovedByOthers(log, by.ToString());
            Cluster.Get(system).Down(Cluster.Get(system).SelfAddress);
        }
    });

    /// <summary>Hands over and stops. Processes that run go on under the launcher until a farm on this folder takes them up again, or their
    /// lease ends.</summary>
    public ValueTask DisposeAsync() => StopAsync(killAll: false);

    /// <param name="killAll">True: what runs is killed first, to run again when a farm is started on this folder.</param>
    /// <inheritdoc cref="DisposeAsync"/>
    public async ValueTask StopAsync(bool killAll)
    {
        using (var limit = new CancellationTokenSource(ApiStopLimit))
        {
            await api.StopAsync(limit.Token);
        }

        await api.DisposeAsync();
        if (worker is not null)
        {
            await worker.StopAsync(killAll);
        }

        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        await scripts.DisposeAsync();
        await actions.DisposeAsync();
        logging.Dispose();
        folder.Dispose();
    }

    /// <summary>Who may ask; null: everybody.</summary>
    /// <exception cref="ArgumentException">The file cannot be, or has no secret that the supervisors share.</exception>
    private static TokenFile? TokensOf(UpOptions options, FarmSize size)
    {
        var tokens = options.TokenFile is null ? null : TokenFile.Read(options.TokenFile);
        return tokens is not { ClusterSecret: null } || size.Supervisors == 1
            ? tokens
            : throw new ArgumentException($"--token-file {options.TokenFile}: several supervisors need a line '@cluster SECRET', the same for all: what one gives to a job's processes, the others have to know");
    }

    /// <summary>As long as the script may run, and what its end may take to be told.</summary>
    private static string ScriptToken(ApiGuard guard, ScriptRun run) =>
        guard.Credentials.OfScript(run.User, run.JobId, run.FiringId, TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(run.TimeLimitSeconds) + ScriptTokenSlack);

    /// <exception cref="ArgumentException">A key of the configuration cannot be.</exception>
    private static (ScriptPool Scripts, ActionRunner Actions) Actions(Config config, DataFolder folder, ILoggerFactory logging, ApiGuard? guard, TlsFiles? tls)
    {
        try
        {
            var actions = new ActionRunner(ActionsConfig.Mail(config), ActionsConfig.Webhooks(config));
            var options = ActionsConfig.Scripts(config) with { CaFile = tls?.AuthorityFile, Token = guard is null ? null : run => ScriptToken(guard, run) };
            return (new ScriptPool(options, text => FarmLog.ScriptTrouble(logging.CreateLogger("Qube.Scripts"), text)), actions);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <exception cref="ArgumentException">An option or a key of the worker cannot be.</exception>
    private static WorkerOptions Configured(Config config, UpOptions options, DataFolder folder, ILoggerFactory logging)
    {
        try
        {
            return WorkerConfig.Of(config, options, folder, logging);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static FarmNodeOptions NodeOptions(UpOptions options, DataFolder folder, string? database, Uri url, ScriptPool scripts, ActionRunner actions, Config config, ActorSystem system, ApiGuard? guard) => new()
    {
        Settings = ActionsConfig.WithLimits(new FarmSettings
        {
            Time = TimeProvider.System,
            LogPath = options.LogPath!,
            NodeName = options.Name,
            SupervisorUrl = url.ToString().TrimEnd('/'),
            ReadLog = async (log, from) => [.. (await LogReader.ReadAsync(system, log, from, long.MaxValue, long.MaxValue)).Events.Select(entry => new Actors.LogEntry(entry.SequenceNr, entry.Payload))],
            KnownNew = KnownNewIds.Get(system).Add,
            NotNew = KnownNewIds.Get(system).Remove,
            IsKnownNew = KnownNewIds.Get(system).Contains,
            IsAlone = StorageConfig.IsOfOneProcess(system.Settings.Config),
            Scripts = scripts,
            Actions = actions,
            Jobs = new JobDeciderOptions { MigrateTimeoutSeconds = options.MigrateTimeoutSeconds },
            SnapshotCommits = system.Settings.Config.GetInt("qube.jobs.snapshot-commits"),
        }, config),
        OpenReadModel = () => OpenReadModel(folder, database),
        IsReadModelShared = database is not null,
        Gate = new GateOptions { LeaseSeconds = options.LeaseSeconds, LogPath = options.LogPath!, SupervisorUrl = url.ToString().TrimEnd('/'), JobToken = guard is null ? null : guard.Credentials.OfJob },
        Dispatcher = new DispatcherOptions { LeaseSeconds = options.LeaseSeconds },
    };

    private static IJobReadModel OpenReadModel(DataFolder folder, string? database) =>
        database is null ? SqliteJobReadModel.Open(Path.Combine(folder.Path, StorageConfig.ReadModelFile)) : PostgresJobReadModel.Open(database);

    private static ImmutableHashSet<string> Languages(string? text) => text is null
        ? new SubmissionOptions().EnabledLanguages
        : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => word.ToLowerInvariant()), CallbackLanguages.Dependency];

    /// <summary>The site's own callbacks. What is wrong with them is told now, and again to whoever submits.</summary>
    private static Func<UniversalCallbacks> Universal(UpOptions options, DataFolder folder, ActorSystem system, ILogger log)
    {
        var path = options.UniversalCallbackPath ?? system.Settings.Config.GetString("qube.universal-callback-path", "");
        var usual = Path.Combine(folder.Path, "callback");
        if (path.Length == 0 && !Directory.Exists(usual))
        {
            return () => Directory.Exists(usual) ? new UniversalCallbackFolders([usual]).Read() : UniversalCallbacks.None;
        }

        var folders = path.Length == 0 ? new UniversalCallbackFolders([usual]) : UniversalCallbackFolders.Of(path);
        foreach (var problem in folders.Read().Problems)
        {
            FarmLog.UniversalTrouble(log, problem);
        }

        return folders.Read;
    }

    private static async Task<WebApplication> Serve(FarmRefs farm, ApiOptions options, bool verbose)
    {
        var builder = WebApplication.CreateSlimBuilder(WebOptions);
        FarmLogging.Configure(builder.Logging, verbose);
        ApiEndpoints.Configure(builder, options);
        var api = builder.Build();
        ApiEndpoints.Map(api, farm, options);
        await api.StartAsync();
        return api;
    }

    private static LocalWorker StartWorker(ActorSystem system, FarmRefs farm, UpOptions options, DataFolder folder, Uri url, LauncherConnector? connect, Func<WorkerOptions, WorkerOptions>? worker, WorkerOptions configured)
    {
        var launcher = new LauncherClientOptions { Folder = folder.Launcher, LeaseSeconds = options.LeaseSeconds };
        var facts = LocalMachine.Describe(configured with { LogPath = options.LogPath!, SupervisorUrl = url.ToString().TrimEnd('/') });
        return LocalWorker.Start(system, worker?.Invoke(facts) ?? facts, connect ?? ((onEvent, cancel) => LauncherClient.ConnectAsync(launcher, onEvent, cancel)), [farm.Gate]);
    }

    /// <summary>A port that nobody has at this moment: whoever asks for 0 has no other farm to meet.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

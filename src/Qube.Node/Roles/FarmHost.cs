using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using Qube.Actions.External;
using Qube.Actions.Scripts;
using Qube.Actors;
using Qube.Actors.Composition;
using Qube.Actors.Dispatch;
using Qube.Actors.Farm;
using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Submissions;
using Qube.Node.Api;
using Qube.Node.Launcher;
using Qube.Storage;
using Qube.Storage.ReadModel;

namespace Qube.Node.Roles;

/// <summary>A farm in one process: a supervisor, a worker node and the HTTP API (design §2, <c>qube up</c>); its launcher is a process beside it.</summary>
public sealed class FarmHost : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ApiStopLimit = TimeSpan.FromSeconds(2);

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
    private readonly LocalWorker worker;

    private FarmHost(DataFolder folder, ILoggerFactory logging, ScriptPool scripts, ActionRunner actions, ActorSystem system, WebApplication api, LocalWorker worker, FarmRefs farm, Uri url)
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

    /// <summary>Starts it, and returns when it serves.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="connect">How the worker reaches its launcher; null is the real one. A simulated farm replaces this alone.</param>
    /// <param name="worker">Changes to the worker's options; null for none.</param>
    /// <exception cref="ArgumentException">An option or a configuration key cannot be; the message names it.</exception>
    /// <exception cref="IOException">The data folder is in use or cannot be written, or a port is taken.</exception>
    public static async Task<FarmHost> StartAsync(UpOptions options, LauncherConnector? connect = null, Func<WorkerOptions, WorkerOptions>? worker = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var folder = DataFolder.Open(options.Data);
        options = options with { Data = folder.Path };
        var logging = FarmLogging.Create(options.Verbose);
        var port = options.Port == 0 ? FreePort() : options.Port;
        var url = new Uri($"http://127.0.0.1:{port}");
        var config = ConfigurationFactory.ParseString(FarmLogging.Hocon).WithFallback(SystemConfig.Of(options));
        var configured = Configured(config, options, folder, logging);
        var (scripts, actions) = Actions(config, folder, logging);
        var system = ActorSystem.Create("qube", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), FarmLogging.Setup(logging)));
        try
        {
            var cluster = Cluster.Get(system);
            await cluster.JoinAsync(cluster.SelfAddress).WaitAsync(StartLimit);
            var farm = FarmNode.Start(system, NodeOptions(options, folder, url, scripts, actions, config, system));
            SystemConfig.CheckKeys(options, system.Settings.Config);
            var universal = Universal(options, folder, system, logging.CreateLogger("Qube.Callbacks"));
            var apiOptions = new ApiOptions
            {
                System = system,
                Port = port,
                Name = options.Name,
                LogPath = folder.Logs,
                OpenReadModel = () => OpenReadModel(folder),
                TestMail = actions.TestMailAsync,
                Submissions = new SubmissionOptions { EnabledLanguages = Languages(options.Languages), Universal = universal },
            };
            var api = await Serve(farm, apiOptions, options.Verbose);
            return new FarmHost(folder, logging, scripts, actions, system, api, StartWorker(system, farm, options, folder, url, connect, worker, configured), farm, url);
        }
        catch
        {
            await system.Terminate();
            await scripts.DisposeAsync();
            await actions.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

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
        await worker.StopAsync(killAll);
        await CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        await scripts.DisposeAsync();
        await actions.DisposeAsync();
        logging.Dispose();
        folder.Dispose();
    }

    /// <exception cref="ArgumentException">A key of the configuration cannot be.</exception>
    private static (ScriptPool Scripts, ActionRunner Actions) Actions(Config config, DataFolder folder, ILoggerFactory logging)
    {
        try
        {
            var actions = new ActionRunner(ActionsConfig.Mail(config), ActionsConfig.Webhooks(config));
            return (new ScriptPool(ActionsConfig.Scripts(config), text => FarmLog.ScriptTrouble(logging.CreateLogger("Qube.Scripts"), text)), actions);
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

    private static FarmNodeOptions NodeOptions(UpOptions options, DataFolder folder, Uri url, ScriptPool scripts, ActionRunner actions, Config config, ActorSystem system) => new()
    {
        Settings = ActionsConfig.WithLimits(new FarmSettings
        {
            Time = TimeProvider.System,
            LogPath = folder.Logs,
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
        OpenReadModel = () => OpenReadModel(folder),
        Gate = new GateOptions { LeaseSeconds = options.LeaseSeconds, LogPath = folder.Logs, SupervisorUrl = url.ToString().TrimEnd('/') },
        Dispatcher = new DispatcherOptions { LeaseSeconds = options.LeaseSeconds },
    };

    private static IJobReadModel OpenReadModel(DataFolder folder) => SqliteJobReadModel.Open(Path.Combine(folder.Path, StorageConfig.ReadModelFile));

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
        await farm.Farm.AskFarm<FarmMessages.LastId>(new FarmMessages.GetLastId(), "the farm", StartLimit, CancellationToken.None);
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
        var facts = LocalMachine.Describe(configured with { LogPath = folder.Logs, SupervisorUrl = url.ToString().TrimEnd('/') });
        return LocalWorker.Start(system, worker?.Invoke(facts) ?? facts, connect ?? ((onEvent, cancel) => LauncherClient.ConnectAsync(launcher, onEvent, cancel)), farm.Gate);
    }

    /// <summary>A port that nobody has at this moment: whoever asks for 0 has no other farm to meet.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

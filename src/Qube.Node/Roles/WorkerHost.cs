using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Qube.Actors.Workers;
using Qube.Contracts;
using Qube.Node.Launcher;
using Qube.Node.Security;

namespace Qube.Node.Roles;

/// <summary>A render host in a process of its own: an actor system that is no member of the cluster, attached to the farm's supervisors by remoting
/// (design §2, <c>qube worker</c>). Its launcher is a process beside it, and goes on when this one dies.</summary>
public sealed class WorkerHost : IAsyncDisposable
{
    private readonly DataFolder folder;
    private readonly ILoggerFactory logging;
    private readonly Config config;
    private readonly WorkerOptions facts;
    private readonly FarmSize size;
    private readonly TlsFiles? tls;
    private readonly LauncherConnector connect;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim turn = new(1, 1);
    private ActorSystem system = null!;
    private LocalWorker worker = null!;
    private readonly TimeSpan drainLimit;
    private bool stopping;

    private WorkerHost(UpOptions options, DataFolder folder, ILoggerFactory logging, Config config, WorkerOptions facts, FarmSize size, TlsFiles? tls)
    {
        this.tls = tls;
        this.folder = folder;
        this.logging = logging;
        this.config = config;
        this.size = size;
        drainLimit = TimeSpan.FromSeconds(options.DrainSeconds);
        this.facts = facts with { OnAttached = attached => OnAttached(options, facts.OnAttached, attached) };
        var launcher = new LauncherClientOptions { Folder = folder.Launcher, LeaseSeconds = options.LeaseSeconds };
        connect = (onEvent, cancel) => LauncherClient.ConnectAsync(launcher, onEvent, cancel);
    }

    /// <summary>Completes when the node has ended by itself.</summary>
    public Task Ended => ended.Task;

    /// <summary>Why the farm and this worker do not go together; null when they do.</summary>
    public string? Problem { get; private set; }

    /// <summary>Starts it. It attaches when a supervisor answers, however long that takes.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="onAttached">Called when a supervisor answers for the first time or again after silence.</param>
    /// <exception cref="ArgumentException">An option or a configuration key cannot be; the message names it.</exception>
    /// <exception cref="IOException">The data folder is in use or cannot be written, or the port is taken.</exception>
    public static async Task<WorkerHost> StartAsync(UpOptions options, Action<WorkerMessages.Attached> onAttached)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var files = SystemConfig.Files(options);
        var size = FarmSize.Of(options, files);
        if (size.Seeds.Count == 0)
        {
            throw new ArgumentException("--seed HOST:PORT: a worker needs the cluster port of at least one supervisor (or qube.seeds in the configuration)");
        }

        var tls = options.TlsDir is null ? null : TlsFiles.Read(options.TlsDir);
        size = size.Over(tls is not null);
        var folder = DataFolder.Open(options.Data);
        try
        {
            SystemConfig.CheckKeys(options, size);
            var logging = FarmLogging.Create(options.Verbose);
            var config = ConfigurationFactory.ParseString(FarmLogging.Hocon).WithFallback(SystemConfig.Of(options, files, size: null));
            var facts = LocalMachine.Describe(WorkerConfig.Of(config, options, folder, logging) with { LogPath = folder.Logs, OnAttached = onAttached, CaFile = tls?.AuthorityFile });
            var host = new WorkerHost(options with { Data = folder.Path }, folder, logging, config, facts, size, tls);
            host.Begin();
            return host;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(drain: false);
        turn.Dispose();
    }

    /// <summary>Ends it. What runs goes on under the launcher, until a worker on this folder takes it up again or its lease ends.</summary>
    /// <param name="drain">True: first gives back what has not started, lets what runs end, and gives back what does not.</param>
    public async Task StopAsync(bool drain)
    {
        await turn.WaitAsync();
        try
        {
            if (stopping)
            {
                return;
            }

            stopping = true;
            if (drain && !await worker.DrainAsync(drainLimit))
            {
                FarmLog.NotDrained(logging.CreateLogger("Qube.Worker"));
            }

            await worker.StopAsync(killAll: false);
            await system.Terminate();
        }
        finally
        {
            turn.Release();
        }

        logging.Dispose();
        folder.Dispose();
    }

    /// <summary>A new actor system and a node in it, under a new incarnation; the launcher, and what runs, go on.</summary>
    private void Begin()
    {
        system = ActorSystem.Create(FarmHost.SystemName, SystemConfig.Setup(config, logging, tls));
        var begun = system;
        QuarantineWatcher.Start(begun, _ => Task.Run(() => BeginAgain(begun)));
        worker = LocalWorker.Start(system, facts, connect, [.. size.Seeds.Select(seed => GateAt(seed.ToString()))], GateAt);
        var node = worker;
        _ = node.Ended.ContinueWith(_ => OnNodeEnded(node), TaskScheduler.Default);
    }

    private ICanTell GateAt(string address) => system.ActorSelection($"{address}/user/{GateActor.ActorName}");

    private void OnNodeEnded(LocalWorker node)
    {
        if (node == worker && !stopping)
        {
            ended.TrySetResult();
        }
    }

    /// <summary>A supervisor's system takes this one for dead and speaks to it no more: only another one gets through (design §2).</summary>
    private async Task BeginAgain(ActorSystem quarantined)
    {
        await turn.WaitAsync();
        try
        {
            // Several supervisors say so of the same one.
            if (stopping || quarantined != system)
            {
                return;
            }

            FarmLog.Quarantined(logging.CreateLogger("Qube.Worker"));
            var (old, oldSystem) = (worker, system);
            worker = null!;
            await old.StopAsync(killAll: false);
            await oldSystem.Terminate();
            Begin();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What runs here must never outlive what the farm believes: its lease may be shorter here, not longer.</summary>
    private void OnAttached(UpOptions options, Action<WorkerMessages.Attached>? tell, WorkerMessages.Attached attached)
    {
        if (options.LeaseSeconds > attached.LeaseSeconds)
        {
            Problem = string.Create(CultureInfo.InvariantCulture, $"the farm's lease is {attached.LeaseSeconds} s and this worker's {options.LeaseSeconds} s: what it runs could run elsewhere too. Start it with --lease-seconds {attached.LeaseSeconds}");
            ended.TrySetResult();
            return;
        }

        tell?.Invoke(attached);
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Qube.Cluster.Tests.BackEnds;
using Qube.Cluster.Tests.Durability;
using Qube.Cluster.Tests.Farms;
using Qube.Storage.Tests;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>A farm of several processes on loopback: supervisors on one PostgreSQL server, and workers. Ports are free ones, and everything that was
/// started is gone when it is disposed.</summary>
internal sealed class ClusterFarm : IFarm, IAsyncDisposable
{
    /// <summary>One such farm at a time: two of six processes each keep a machine of two cores from answering heartbeats.</summary>
    public const string Collection = "clusters";

    private readonly ClusterSetup setup;
    private readonly PostgresServer? server;
    private readonly int[] ports;
    private readonly int[] clusterPorts;
    private bool keepsFolder = Environment.GetEnvironmentVariable("QUBE_TEST_KEEP") is not null;

    private ClusterFarm(ClusterSetup setup)
    {
        this.setup = setup;
        Directory.CreateDirectory(Logs);
        OpenToAll.Folder(Root);
        OpenToAll.EmptyFile(Trace);
        var site = Path.Combine(Root, "site.hocon");

        // What is tested is what happens, not how soon: a machine that is busy with other tests must not pass for a dead one, and a script is to outlast a failover.
        File.WriteAllText(site, "akka.cluster.failure-detector.acceptable-heartbeat-pause = 20s\nqube.scripts.time-limit = 240s\n");
        var free = FreePorts(2 * setup.Supervisors);
        (ports, clusterPorts) = (free[..setup.Supervisors], free[setup.Supervisors..]);
        string[] common = ["--config", site, "--lease-seconds", Text(setup.LeaseSeconds)];
        string[] seeds = [.. clusterPorts.SelectMany(port => (string[])["--seed", $"127.0.0.1:{Text(port)}"])];
        server = setup.Supervisors > 1 ? new PostgresServer() : null;
        string[] farm = server is null ? ["--supervisors", "1"] : ["--supervisors", Text(setup.Supervisors), "--db", server.NewDatabase()];
        Supervisors = [.. Enumerable.Range(0, setup.Supervisors).Select(n => Node(
            $"super{n + 1}", "supervisor", [.. common, .. seeds, .. farm, "--port", Text(ports[n]), "--cluster-port", Text(clusterPorts[n]), "--log-path", Logs]))];
        // They know of one supervisor, and learn of the others from it.
        Workers = [.. Enumerable.Range(1, setup.Workers).Select(n => Node(
            $"worker{n}", "worker", [.. common, .. seeds[..2], "--slots", Text(setup.Slots), "--drain-seconds", Text(setup.DrainSeconds), .. TallyJob.Options]))];
    }

    public string Root { get; } = Path.Combine(Path.GetTempPath(), "qube-cluster-" + Guid.NewGuid().ToString("N")[..12]);

    public string Trace => Path.Combine(Root, "trace");

    /// <summary>The supervisor that clients ask: its API's address.</summary>
    public string Url => UrlOf(Asked);

    /// <summary>Number of the supervisor that clients ask.</summary>
    public int Asked { get; set; }

    public NodeProcess[] Supervisors { get; }

    public NodeProcess[] Workers { get; }

    private string Logs => Path.Combine(Root, "log");

    public static async Task<ClusterFarm> StartAsync(ClusterSetup setup)
    {
        var farm = new ClusterFarm(setup);
        try
        {
            await Task.WhenAll(farm.Supervisors.Concat(farm.Workers).Select(node => node.StartAgain()));
            await farm.Whole();
        }
        catch
        {
            await farm.DisposeAsync();
            throw;
        }

        return farm;
    }

    public string UrlOf(int supervisor) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[supervisor]}");

    /// <summary>The database server of several supervisors.</summary>
    public PostgresServer Database => server!;

    /// <summary>Waits until every supervisor sees every other, and fails when a process has ended that nobody killed or stopped.</summary>
    public Task Whole() => Together([.. Enumerable.Range(0, setup.Supervisors)]);

    /// <summary>Waits until these supervisors see each other, and no others.</summary>
    public async Task Together(params int[] supervisors)
    {
        foreach (var n in supervisors)
        {
            var url = UrlOf(n);
            await Eventually.Get(
                $"{Supervisors[n].Name} in a farm of {supervisors.Length}",
                () => ClusterView.Of(url),
                view => view?.IsWhole(supervisors.Length) == true || Supervisors[n].ThrowIfEnded());
        }

        ThrowIfAnyEnded();
    }

    /// <summary>A process that ends by itself is a fault, even when whoever watches over it would start it again.</summary>
    public void ThrowIfAnyEnded()
    {
        foreach (var node in Supervisors.Concat(Workers))
        {
            node.ThrowIfEnded();
        }
    }

    /// <summary>Number of the supervisor that holds dispatcher and farm.</summary>
    public async Task<int> HolderOfSingletons()
    {
        var view = await Eventually.Get("a supervisor that knows the singletons' place", () => ClusterView.Of(Url), seen => seen?.Singletons.Length > 0);
        return Array.FindIndex(clusterPorts, port => view!.Singletons == $"127.0.0.1:{Text(port)}");
    }

    /// <summary>Number of the supervisor on which a job lives.</summary>
    public async Task<int> HolderOf(long job) => await Eventually.Get(
        $"a supervisor on which job {job} lives",
        () => Array.FindIndex(Enumerable.Range(0, setup.Supervisors).ToArray(), n => ClusterView.Of(UrlOf(n))?.Jobs.Contains(job) == true),
        found => found >= 0);

    /// <summary>The host dies: the node, its launcher and its keeper, and all that they run.</summary>
    public async Task KillHost(NodeProcess worker)
    {
        await worker.Kill();
        var launcher = Path.Combine(worker.Data, "launcher");
        await Eventually.Get($"all processes of {worker.Name} gone", () => KillAll(worker.Data, launcher), left => left == 0);
    }

    /// <summary>A new page for what frames write down.</summary>
    public void ClearTrace() => OpenToAll.EmptyFile(Trace);

    public string[] TraceLines() => File.ReadAllLines(Trace);

    public string Log() => string.Join('\n', Supervisors.Concat(Workers).Select(node => node.Log()));

    /// <summary>The audit of linked jobs: every frame once, in order, one firing for each cause; and no process that ended by itself. A failure comes with the jobs' history.</summary>
    public void Audit(string answer, int frames)
    {
        var context = Log();
        try
        {
            LinkedJobs.CheckAnswer(answer, frames, context);
            LinkedJobs.CheckTrace(TraceLines(), frames, context);
        }
        catch (Xunit.Sdk.XunitException failed)
        {
            throw new Xunit.Sdk.XunitException($"{failed.Message}\n{ClusterView.History(Url, answer)}\nfolder {KeepFolder()}");
        }

        ThrowIfAnyEnded();
    }

    public string KeepFolder()
    {
        keepsFolder = true;
        return Root;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Supervisors.Concat(Workers))
        {
            await node.Kill();
        }

        foreach (var worker in Workers)
        {
            // The keeper before its launcher, which it would start anew.
            Signals.Kill(Signals.Find(["keeper", "--dir", Path.Combine(worker.Data, "launcher")]));
        }

        await Eventually.Get("all processes of the farm gone", () => KillThese(Signals.WithVariable("QTEST_FARM", Root)), left => left == 0);
        server?.Dispose();
        if (!keepsFolder)
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private static int KillAll(string data, string launcher)
    {
        Signals.Kill(Signals.Find(["keeper", "--dir", launcher]));
        Signals.Kill(Signals.Find(["launcher", "--dir", launcher]));
        return KillThese(Signals.WithVariable("QTEST_NODE", data));
    }

    private static int KillThese(int[] left)
    {
        foreach (var pid in left)
        {
            Signals.Kill(pid);
        }

        return left.Length;
    }

    private NodeProcess Node(string name, string role, string[] options) =>
        new(Root, name, Root, [role, "--data", Path.Combine(Root, name), "--name", name, .. options]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>So many at once: no two are the same.</summary>
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var free = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return free;
    }
}

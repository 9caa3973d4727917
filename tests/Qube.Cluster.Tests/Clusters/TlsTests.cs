using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Qube.Cluster.Tests.Farms;
using Qube.Cluster.Tests.Security;
using Qube.Storage.Tests;
using Xunit;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>TLS between clients and supervisors, and between nodes: only certificates of the farm's authority are spoken with.</summary>
[Collection(ClusterFarm.Collection)]
public sealed class TlsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("qube-tls-").FullName;
    private readonly Authority _ours = new("ours");
    private readonly Authority _others = new("others");

    public void Dispose()
    {
        _ours.Dispose();
        _others.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Should_keep_a_supervisor_and_a_worker_out_when_their_certificates_are_of_another_authority()
    {
        using var database = new PostgresServer();
        using var client = _ours.Client();
        int[] ports = FreePorts(6);
        var (http, cluster) = (ports[..3], ports[3..]);
        var site = Path.Combine(_root, "site.hocon");

        // A machine that is busy with other tests must not pass for a dead one.
        await File.WriteAllTextAsync(site, "akka.cluster.failure-detector.acceptable-heartbeat-pause = 20s\n");
        string[] common = ["--config", site, "--db", database.NewDatabase(), "--supervisors", "3", .. cluster.SelectMany(port => (string[])["--seed", $"127.0.0.1:{Text(port)}"]), "--log-path", Path.Combine(_root, "log")];
        string[] folders = [_ours.Folder(Path.Combine(_root, "tls1")), _ours.Folder(Path.Combine(_root, "tls2")), _others.Folder(Path.Combine(_root, "tls3"), _others, _ours)];
        NodeProcess[] nodes =
        [
            .. Enumerable.Range(0, 3).Select(n => new NodeProcess(
                _root, $"super{n + 1}", _root,
                ["supervisor", "--data", Path.Combine(_root, $"super{n + 1}"), "--name", $"super{n + 1}", "--port", Text(http[n]), "--cluster-port", Text(cluster[n]), "--tls-dir", folders[n], .. common])),
            Worker("friend", _ours.Folder(Path.Combine(_root, "tls4")), cluster),
            Worker("stranger", folders[2], cluster),
        ];
        try
        {
            // Two of three are the majority. The strangers take their certificates; they take none of the strangers'.
            await Task.WhenAll(nodes[0].StartAgain(), nodes[1].StartAgain());
            await nodes[3].StartAgain();
            foreach (var stranger in (NodeProcess[])[nodes[2], nodes[4]])
            {
                var before = Refusals(nodes[0], nodes[1]);
                stranger.Start();
                await Eventually.Get($"{stranger.Name} refused", () => Refusals(nodes[0], nodes[1]), count => count > before || nodes[..2].Any(node => node.ThrowIfEnded()), TimeSpan.FromMinutes(4));
            }

            var members = (await View(client, http[0])).GetProperty("members").EnumerateArray().Select(member => member.GetProperty("address").GetString()).Order();
            Assert.Equal(cluster[..2].Select(port => $"127.0.0.1:{Text(port)}").Order(), members);
            Assert.Equal((1, 1, 0, 1, 0), (nodes[0].TimesReady, nodes[1].TimesReady, nodes[2].TimesReady, nodes[3].TimesReady, nodes[4].TimesReady));
            Assert.True(nodes[0].IsAlive && nodes[1].IsAlive);
        }
        finally
        {
            await End(nodes);
        }
    }

    [Fact]
    public async Task Should_serve_clients_and_scripts_over_https_when_they_know_the_authority()
    {
        var tokens = Path.Combine(_root, "tokens");
        GuardedFarm.WriteTokens(tokens);
        var tls = _ours.Folder(Path.Combine(_root, "tls"));
        var port = FreePorts(1)[0];
        var node = new NodeProcess(
            _root, "alone", _root,
            ["up", "--data", Path.Combine(_root, "alone"), "--port", Text(port), "--cluster-port", "0", "--slots", "1", "--name", "alone", "--token-file", tokens, "--tls-dir", tls]);
        try
        {
            await node.StartAgain();
            var url = $"https://127.0.0.1:{Text(port)}";
            const string Code = "import qb; job = qb.submit(qb.Job(name='a', prototype='cmdline', package={'cmdline': 'env | grep -c ^QB_CA_FILE='}, "
                + "callbacks=[{'triggers': 'complete-job-self', 'language': 'python', 'code': \"print('found', qb.jobinfo(id=qb.jobid())[0]['name'])\"}]))[0]; qb.waitfor('complete-job-%d' % job['id'], timeout=120); "
                + "print(job['id'])";
            var ca = Path.Combine(tls, "ca.pem");
            var id = (await Run(0, "python3", url, ca, "-c", Code)).Trim();
            Assert.Contains("CERTIFICATE_VERIFY_FAILED", await Run(1, "python3", url, Path.Combine(_others.Folder(Path.Combine(_root, "o")), "ca.pem"), "-c", "import qb; qb.jobinfo()"), StringComparison.Ordinal);
            Assert.Contains("alone", await Run(0, FarmProcess.Executable, url, ca, "ping"), StringComparison.Ordinal);
            await Run(3, FarmProcess.Executable, url, "", "ping");
            await Eventually.Get(
                "what the script found",
                () => Run(0, "python3", url, ca, "-c", $"import qb.connection; print(qb.connection.call('POST', '/api/v1/logs', {{'ids': [{id}], 'stream': 'cb'}}))").GetAwaiter().GetResult(),
                log => log.Contains("found a", StringComparison.Ordinal));
        }
        finally
        {
            await End([node]);
        }
    }

    [Theory]
    [InlineData("supervisor --bind 0.0.0.0", "it needs --token-file FILE and --tls-dir DIR")]
    [InlineData("up --bind 0.0.0.0 --token-file TOKENS", "it needs --tls-dir DIR")]
    [InlineData("up --bind 0.0.0.0 --tls-dir OURS", "it needs --token-file FILE")]
    [InlineData("worker --bind 0.0.0.0 --seed 127.0.0.1:5", "it needs --tls-dir DIR")]
    [InlineData("up --bind here", "--bind here: expected an IP address")]
    [InlineData("up --tls-dir MIXED", "cert.pem is not of the authority in ca.pem")]
    [InlineData("up --tls-dir OPEN", "others can read or write key.pem")]
    [InlineData("up --tls-dir NONE", "--tls-dir ")]
    [InlineData("up --token-file SHORT", "line 1: the token of ann has 5 letters")]
    [InlineData("up --token-file SHOWN", "chmod 600")]
    [InlineData("supervisor --supervisors 3 --db Host=127.0.0.1 --seed 127.0.0.1:5 --token-file ALONE", "need a line '@cluster SECRET'")]
    public async Task Should_refuse_to_start_with_the_reason_when_it_would_not_be_safe(string line, string reason)
    {
        string Path(string name) => System.IO.Path.Combine(_root, name);
        GuardedFarm.WriteTokens(Path("TOKENS"));
        WriteFile("SHORT", "ann short\n", UnixFileMode.UserRead);
        WriteFile("ALONE", "ann 0123456789abcdef\n", UnixFileMode.UserRead);
        WriteFile("SHOWN", "ann 0123456789abcdef\n", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        _ours.Folder(Path("OURS"));
        _ours.Folder(Path("MIXED"), _others);
        File.SetUnixFileMode(System.IO.Path.Combine(_ours.Folder(Path("OPEN")), "key.pem"), UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var words = line.Split(' ');
        var start = new ProcessStartInfo(FarmProcess.Executable) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var word in (string[])[words[0], "--data", Path("data"), "--cluster-port", "0", .. words[1..].Select(word => word.All(char.IsUpper) ? Path(word) : word)])
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 2 && errors.Contains(reason, StringComparison.Ordinal), $"{line}: expected exit code 2 and '{reason}', found {process.ExitCode} and:\n{errors}\n{await output}");
        Assert.False(Directory.Exists(Path("data")));
    }

    private int Refusals(params NodeProcess[] nodes) =>
        nodes.Sum(node => File.ReadLines(Path.Combine(_root, node.Name + ".err")).Count(line => line.Contains("is not of this farm's authority", StringComparison.Ordinal)));

    private void WriteFile(string name, string text, UnixFileMode mode)
    {
        var path = Path.Combine(_root, name);
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
    }

    private NodeProcess Worker(string name, string tls, int[] cluster) => new(
        _root, name, _root, ["worker", "--data", Path.Combine(_root, name), "--name", name, "--slots", "1", "--seed", $"127.0.0.1:{Text(cluster[0])}", "--tls-dir", tls]);

    private static async Task<JsonElement> View(HttpClient client, int port)
    {
        using var json = JsonDocument.Parse(await client.GetStringAsync(new Uri($"https://127.0.0.1:{Text(port)}/api/v1/cluster")));
        return json.RootElement.Clone();
    }

    /// <summary>What it said, to either stream, after it ended with that code.</summary>
    private async Task<string> Run(int code, string program, string url, string ca, params string[] words)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = _root };
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        start.Environment["PYTHONPATH"] = Repository.Python;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["QB_SUPERVISOR"] = url;
        start.Environment["QB_TOKEN"] = GuardedFarm.Token("root");
        start.Environment["QB_CA_FILE"] = ca;
        start.Environment["LOGNAME"] = "root";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == code, $"{program} {string.Join(' ', words)}: expected exit code {code}, found {process.ExitCode}\n{await output}\n{await errors}");
        return await output + await errors;
    }

    private async Task End(NodeProcess[] nodes)
    {
        foreach (var node in nodes)
        {
            await node.Kill();
            Signals.Kill(Signals.Find(["keeper", "--dir", Path.Combine(node.Data, "launcher")]));
        }

        await Eventually.Get(
            "all processes of the farm gone",
            () =>
            {
                var left = Signals.WithVariable("QTEST_FARM", _root);
                foreach (var pid in left)
                {
                    Signals.Kill(pid);
                }

                return left.Length;
            },
            left => left == 0);
    }

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

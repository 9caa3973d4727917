using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Qube.Actors.Workers;
using Qube.Load.Measure;
using Qube.Node.Launcher;
using Qube.Node.Roles;
using Qube.Storage;

namespace Qube.Load;

/// <summary>A whole farm in this process, as <c>qube up</c> starts it, on a folder of its own; and a client of its HTTP API.</summary>
internal sealed class LoadFarm : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly FarmHost _host;
    private readonly HttpClient _client;

    private LoadFarm(string folder, FarmHost host, ObservedLauncher launcher)
    {
        _folder = folder;
        _host = host;
        Launcher = launcher;
        _client = new HttpClient { BaseAddress = host.Url, Timeout = Limit };
    }

    public ObservedLauncher Launcher { get; }

    public Uri Url => _host.Url;

    public string Journal => Path.Combine(_folder, "data", StorageConfig.JournalFile);

    /// <param name="slots">Of its one host.</param>
    /// <param name="hocon">Laid over <c>cluster.hocon</c>; empty for none.</param>
    /// <param name="simulated">In place of the launcher process and its renders; null starts the real one.</param>
    /// <param name="keepsTimes">Of every frame, see <see cref="ObservedLauncher"/>.</param>
    public static async Task<LoadFarm> StartAsync(int slots, string hocon = "", SimulatedLauncher? simulated = null, bool keepsTimes = false)
    {
        var folder = Directory.CreateTempSubdirectory("qube-load-").FullName;
        var data = Path.Combine(folder, "data");
        var site = Path.Combine(folder, "site.hocon");
        await File.WriteAllTextAsync(site, hocon);
        var observed = new ObservedLauncher { KeepsTimes = keepsTimes };
        var real = new LauncherClientOptions { Folder = Path.Combine(data, "launcher"), ExecutablePath = Path.Combine(AppContext.BaseDirectory, "qube") };
        var host = await FarmHost.StartAsync(
            new UpOptions { Data = data, Port = 0, ClusterPort = 0, Slots = slots, Name = "load", ConfigFile = hocon.Length > 0 ? site : null },
            async (onEvent, cancel) =>
            {
                var listen = observed.Listen(onEvent);
                return observed.Wrap(simulated is null ? await LauncherClient.ConnectAsync(real, listen, cancel) : await simulated.Connect(listen, cancel));
            },
            worker => simulated is null ? worker : worker with { HasLogFiles = false });
        return new LoadFarm(folder, host, observed);
    }

    /// <summary>A job of <c>cmdrange</c> as scripts submit it.</summary>
    public static JsonObject Job(string name, string command, JsonNode agenda, int instances) => new()
    {
        ["name"] = name,
        ["label"] = name,
        ["prototype"] = "cmdrange",
        ["cpus"] = instances,
        ["package"] = new JsonObject { ["cmdline"] = command },
        ["agenda"] = agenda,
    };

    /// <summary>Frames 1 to <paramref name="count"/>, all of them blocked where they wait for something.</summary>
    public static JsonObject Range(int count, bool blocked = false)
    {
        var range = new JsonObject { ["range"] = $"1-{count}" };
        if (blocked)
        {
            range["overrides"] = new JsonObject { ["status"] = "blocked" };
        }

        return range;
    }

    public static JsonArray Callback(string language, string triggers, string code) =>
        [new JsonObject { ["triggers"] = triggers, ["language"] = language, ["code"] = code }];

    /// <summary>Submits jobs as one process group and returns their ids: they are in the journal then.</summary>
    public async Task<long[]> Submit(params JsonNode[] jobs)
    {
        var answer = await Post("/api/v1/jobs", new JsonObject { ["user"] = "load", ["jobs"] = new JsonArray(jobs) });
        return [.. answer.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetInt64())];
    }

    /// <summary>Completes when all so far submitted frames, <paramref name="total"/> since the farm began, are recorded.</summary>
    /// <exception cref="TimeoutException">They are not within minutes; says how many were.</exception>
    public async Task Recorded(long total)
    {
        try
        {
            await Launcher.WhenRecorded(total).WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"recorded frames: expected {total}, found {Launcher.Recorded} after {Limit}");
        }
    }

    /// <summary>Waits until these jobs have ended, and checks that every frame of them is complete.</summary>
    /// <exception cref="InvalidOperationException">A frame is not.</exception>
    public async Task Completed(params long[] ids)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var jobs = await Jobs(ids);
            if (jobs.All(job => job.GetProperty("status").GetString() == "complete"))
            {
                return;
            }

            if (limit.IsCancellationRequested || jobs.Any(job => job.GetProperty("status").GetString() is "failed" or "killed"))
            {
                throw new InvalidOperationException($"expected jobs {string.Join(", ", ids)} to be complete, found {string.Join(", ", jobs.Select(job => $"{job.GetProperty("status")} {job.GetProperty("todotally")}"))}");
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    /// <summary>Unblocks one item, its job with it.</summary>
    public Task Unblock(long job, int frame) =>
        Post("/api/v1/control", new JsonObject { ["user"] = "load", ["verb"] = "unblock", ["scope"] = "both", ["ids"] = new JsonArray(JsonValue.Create($"{job}:{frame}")) });

    /// <summary>Raises a user-defined event.</summary>
    public Task Raise(string name) =>
        Post("/api/v1/trigger", new JsonObject { ["requestId"] = Guid.NewGuid().ToString(), ["user"] = "load", ["event"] = name });

    /// <summary>Waits until each of these jobs has a firing and all their firings are done.</summary>
    /// <exception cref="TimeoutException">They are not within minutes; says which.</exception>
    public async Task Fired(params long[] ids)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var answer = await Post("/api/v1/jobs/query", new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]), ["callbacks"] = true });
            var open = answer.GetProperty("jobs").EnumerateArray()
                .Where(job => job.GetProperty("callbacks").EnumerateArray().All(callback => callback.GetProperty("firings").EnumerateArray().ToArray() is not { Length: > 0 } firings || firings.Any(firing => !firing.GetProperty("done").GetBoolean())))
                .Select(job => job.GetProperty("id").GetInt64()).ToList();
            if (open.Count == 0)
            {
                return;
            }

            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"expected a firing of each of {ids.Length} jobs to be done, jobs {string.Join(", ", open)} have none after {Limit}");
            }

            // What is measured beside this is not to be disturbed by the question.
            await Task.Delay(250, CancellationToken.None);
        }
    }

    public async Task<JsonElement[]> Jobs(params long[] ids)
    {
        var answer = await Post("/api/v1/jobs/query", new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) });
        return [.. answer.GetProperty("jobs").EnumerateArray()];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.StopAsync(killAll: true);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<JsonElement> Post(string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{path} answered {(int)response.StatusCode}: {text}");
        }

        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.Clone();
    }
}

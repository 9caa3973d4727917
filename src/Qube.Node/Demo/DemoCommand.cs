using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Qube.Node.Cli;
using Qube.Node.Roles;
using Spectre.Console;

namespace Qube.Node.Demo;

/// <summary><c>qube demo</c>: an embedded farm, real processes, the four dependency shapes of the callbacks page in qube verbs and in python
/// (design §7). Exit code 0 only if every order held.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(150);

    public static Command Create()
    {
        var verbose = new Option<bool>("--verbose") { Description = "Log what goes on, not only what goes wrong." };
        var command = new Command("demo", "Runs a farm on real processes, shows every kind of dependency, and checks the order that came of it.") { verbose };
        command.SetAction((parsed, cancel) => Run(parsed.GetValue(verbose), cancel));
        return command;
    }

    private static async Task<int> Run(bool verbose, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("qube-demo-").FullName;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Limit);
        try
        {
            await Console.Out.WriteLineAsync("starting a farm: supervisor, worker and launcher on this machine");
            var farm = await FarmHost.StartAsync(new UpOptions { Data = folder, Port = 0, ClusterPort = 0, Slots = Math.Max(2, Environment.ProcessorCount), Verbose = verbose }, cancel: cancel);
            try
            {
                return await Show(farm.Url, limit.Token);
            }
            finally
            {
                await farm.StopAsync(killAll: true);
            }
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"qube demo: not finished within {Limit.TotalMinutes:0} minutes");
            return 1;
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or TimeoutException)
        {
            await Console.Error.WriteLineAsync($"qube demo: {failure.Message}");
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> Show(Uri url, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = url };
        var runs = new List<(DemoShape Shape, long[] Ids)>();
        foreach (var shape in DemoShape.All())
        {
            var answer = await Post(client, "/api/v1/jobs", new JsonObject { ["user"] = "demo", ["jobs"] = shape.Jobs.DeepClone() }, cancel);
            runs.Add((shape, [.. answer.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetInt64())]));
        }

        var names = runs.SelectMany(run => run.Ids.Zip(run.Shape.Jobs, (id, job) => (Id: id, Name: $"{run.Shape.Name} ({run.Shape.Language}): {job!["label"]}"))).ToDictionary(entry => entry.Id, entry => entry.Name);
        JsonElement[] jobs = [];
        await JobProgressView.On(Console.Out).RunAsync(async show =>
        {
            do
            {
                await Task.Delay(LookInterval, cancel);
                jobs = await Jobs(client, names.Keys, cancel);
                show([.. jobs.Select(job => Row(job, names))]);
            }
            while (!jobs.All(IsDone));
        });
        return Judge(runs, jobs) ? 0 : 1;
    }

    private static bool Judge(List<(DemoShape Shape, long[] Ids)> runs, JsonElement[] jobs)
    {
        var byId = jobs.ToDictionary(job => job.GetProperty("id").GetInt64());
        var table = new Table().AddColumns("dependency", "language", "jobs", "frames", "what must hold", "held");
        var all = true;
        foreach (var (shape, ids) in runs)
        {
            var frames = ids.Select(id => byId[id]).ToDictionary(job => job.GetProperty("label").GetString()!, job => job.GetProperty("agenda").EnumerateArray().Select(DemoFrame.Of).ToArray());
            var held = frames.Values.All(items => items.All(item => item.Status == "complete")) && shape.Holds(frames);
            all &= held;
            table.AddRow(shape.Name, shape.Language, $"{ids.Length}", $"{frames.Values.Sum(items => items.Length)}", shape.Rule, held ? "yes" : "NO");
        }

        AnsiConsole.Write(table);
        Console.WriteLine(all ? "every order held" : "an order did not hold");
        return all;
    }

    private static JobProgressRow Row(JsonElement job, Dictionary<long, string> names)
    {
        var id = job.GetProperty("id").GetInt64();
        var tally = job.GetProperty("todotally");
        int Count(string status) => tally.GetProperty(status).GetInt32();
        return new JobProgressRow(
            id, names[id], job.GetProperty("status").GetString()!, Count("complete"), Count("failed") + Count("killed"), Count("running"), job.GetProperty("todo").GetInt32());
    }

    private static bool IsDone(JsonElement job) => job.GetProperty("status").GetString() is "complete" or "failed" or "killed";

    private static async Task<JsonElement[]> Jobs(HttpClient client, IEnumerable<long> ids, CancellationToken cancel)
    {
        var answer = await Post(client, "/api/v1/jobs/query", new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]), ["agenda"] = true }, cancel);
        return [.. answer.GetProperty("jobs").EnumerateArray()];
    }

    private static async Task<JsonElement> Post(HttpClient client, string path, JsonObject body, CancellationToken cancel)
    {
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"), cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement.Clone()
            : throw new IOException($"{path} answered {(int)response.StatusCode}: {text}");
    }
}

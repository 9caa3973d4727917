using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Qube.Actions.Tests.Mail;
using Qube.Actions.Tests.Webhooks;
using Qube.Cluster.Tests.Farms;
using Qube.Contracts;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Cluster.Tests.Durability;

/// <summary>What callbacks do outside of the farm when the node dies in the middle of it: of each cause one firing, done at least once and always
/// under that firing's id, and marked in the ledger where it was begun again; what scripts and verbs do inside is done once.</summary>
public sealed partial class AbroadTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly string[] Abroad = ["python", "perl", "mail", "webhook"];

    private readonly SmtpServer _smtp = new();
    private readonly HookReceiver _hooks = new();
    private FarmProcess _farm = null!;
    private string _config = "";

    public async Task InitializeAsync()
    {
        _config = Path.GetTempFileName();
        await File.WriteAllTextAsync(_config, string.Create(CultureInfo.InvariantCulture, $$"""
            qube.mail { host = "127.0.0.1", port = {{_smtp.Port}} }
            qube.webhooks.first-wait = 100ms
            """));
        _farm = await FarmProcess.StartAsync(new FarmSetup { Options = ["--config", _config] });
    }

    public async Task DisposeAsync()
    {
        await _farm.DisposeAsync();
        await _smtp.DisposeAsync();
        await _hooks.DisposeAsync();
        File.Delete(_config);
    }

    /// <summary>One farm that dies at one point after the other, each time with what the life before left in flight.</summary>
    [Fact]
    public async Task Should_do_each_at_least_once_under_one_firing_when_the_node_dies_at_every_point_of_a_callback()
    {
        const int Frames = 20;
        string[] points =
        [
            CrashPointNames.CallbackBeforeVerb, CrashPointNames.CallbackAfterVerb, CrashPointNames.CallbackBeforeCommit,
            CrashPointNames.CallbackAfterCommit, CrashPointNames.CallbacksRecovered, CrashPointNames.CallbackBeforeScript, CrashPointNames.CallbackAfterScript,
        ];
        _farm.KillNode();
        await Eventually.Get("the first life over", () => _farm.Pid, pid => pid == 0);
        Task<string> linked = LinkedJobs.Run(_farm, Frames, "0.05", _hooks.Url);
        foreach (string point in points)
        {
            await _farm.DieAt(point + ":2");
            Assert.False(linked.IsCompleted, $"the work was over before {point}: {linked.Exception}");
        }

        await _farm.StartAgain();
        string answer = await linked;

        var story = $"folder {_farm.Root}, node:\n{_farm.Log()}";
        int more = await Check(answer, Frames, story);
        Assert.True(more > 0, $"what was done and not on file is done again: {story}");
    }

    /// <summary>Killed as soon as a random number of mails, web hooks and frames was seen: more are in flight, and what was seen is hardly on file.</summary>
    [Fact]
    public async Task Should_do_each_at_least_once_under_one_firing_when_the_node_is_killed_at_random()
    {
        const int Frames = 24;
        const int Kills = 5;
        int seed = int.TryParse(Environment.GetEnvironmentVariable("QUBE_TEST_SEED"), CultureInfo.InvariantCulture, out int given) ? given : Random.Shared.Next();
        output.WriteLine($"QUBE_TEST_SEED={seed}");
        var random = new Random(seed);
        var story = $"QUBE_TEST_SEED={seed}, folder {_farm.Root}";
        int Signs() => _hooks.Posts.Count + _smtp.Mails.Count + LinkedJobs.Ended(_farm);

        Task<string> linked = LinkedJobs.Run(_farm, Frames, "0.0QB_FRAME_NUMBER", _hooks.Url);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Four signs of each frame in all; a quarter of the kills meet a node that is still starting.
            int due = (int)(4 * Frames * (kill + random.NextDouble()) / (Kills + 1));
            await Eventually.Get($"{due} signs of life ({story})", Signs, signs => signs >= due || linked.IsCompleted);
            Assert.False(linked.IsCompleted, $"the work was over after {kill} kills ({story}): {linked.Exception}");
            story += $"\nkilled after {Signs()} signs";
            _farm.KillNode();
            await Eventually.Get("the node dead", () => _farm.Pid, pid => pid == 0);
            if (random.Next(4) > 0)
            {
                await _farm.StartAgain();
            }
            else
            {
                _farm.StartNode(crashAt: null);
            }
        }

        string answer = await linked;

        story += $"\nnode:\n{_farm.Log()}";
        int more = await Check(answer, Frames, story);
        output.WriteLine($"{story}\n{more} attempts begun again");
    }

    /// <summary>How many attempts were begun again.</summary>
    private async Task<int> Check(string answer, int frames, string story)
    {
        LinkedJobs.CheckAnswer(answer, frames, story);
        LinkedJobs.CheckTrace(_farm.TraceLines(), frames, story);
        using var json = JsonDocument.Parse(answer);
        string job = json.RootElement.GetProperty("ids")[0].ToString();
        using var ledger = JsonDocument.Parse(await QubeCli.Run(_farm, 0, "callbacks", job, "--json", "--limit", "1000"));
        JsonElement[] firings = [.. ledger.RootElement.EnumerateArray()];

        // One firing for each cause, all of them done.
        var wrong = new List<string>();
        wrong.AddRange(firings.CountBy(firing => (firing.GetProperty("callback").GetInt32(), firing.GetProperty("cause").GetProperty("log").GetString(), firing.GetProperty("cause").GetProperty("seq").GetInt64(), firing.GetProperty("cause").GetProperty("ordinal").GetInt32()))
            .Where(cause => cause.Value > 1).Select(cause => $"{cause.Value} firings of callback, log, number {cause.Key}"));
        wrong.AddRange(Abroad.Select(language => (language, Count: firings.Count(firing => firing.GetProperty("language").GetString() == language && firing.GetProperty("state").GetString() == "done")))
            .Where(found => found.Count != frames).Select(found => $"{found.Count} firings of {found.language} done, expected {frames}"));

        // What the world has seen, by the id that it was told.
        string written = await File.ReadAllTextAsync(Path.Combine(_farm.Data, "log", "job", "0", job, job + ".cb"));
        Dictionary<string, int> seen = ScriptStart().Matches(written).Select(match => match.Groups[1].Value)
            .Concat(_smtp.Mails.Select(mail => Uri.UnescapeDataString(mail.Header("X-Qube-Firing"))))
            .Concat(_hooks.Posts.Select(post => Uri.UnescapeDataString(post.Headers["X-Qube-Firing"])))
            .CountBy(id => id).ToDictionary();
        var again = 0;
        foreach (JsonElement firing in firings)
        {
            string id = firing.GetProperty("id").GetString()!;
            int times = seen.GetValueOrDefault(id);
            int marks = firing.GetProperty("attempts").EnumerateArray().Count(attempt => attempt.GetProperty("again").GetBoolean());
            again += marks;
            seen.Remove(id);
            if (times == 0 || times > 1 + marks)
            {
                wrong.Add($"{firing.GetProperty("language")} firing {id} was seen {times} times, with {marks} attempts marked as again");
            }
        }

        wrong.AddRange(seen.Keys.Select(id => $"{id} was seen outside and is no firing"));
        Assert.True(wrong.Count == 0, $"{story}\n{string.Join('\n', wrong)}");
        Assert.True(again > 0, $"nothing was in flight when the node died: {story}");
        return again;
    }

    [GeneratedRegex(@"^=== \S+ callback \d+ of job \d+, on [^,]+, firing (\S+) ===$", RegexOptions.Multiline)]
    private static partial Regex ScriptStart();
}

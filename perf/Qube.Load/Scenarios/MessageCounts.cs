using System.Globalization;
using System.Text.Json.Nodes;
using Qube.Actors.Workers;
using Qube.Load.Measure;

namespace Qube.Load.Scenarios;

/// <summary>How many messages a frame takes, by recipient and type, and how many commits: a run of its own with mailboxes that count.</summary>
internal static class MessageCounts
{
    private const int Frames = 500;

    public static Scenario Create(LoadOptions options)
    {
        var figures = new List<Figure>();

        async Task Count(string what, string command, bool linked)
        {
            await using var farm = await LoadFarm.StartAsync(2, CountingMailbox.Hocon);
            var frames = linked || options.Smoke ? 20 : Frames;
            var a = LoadFarm.Job("A", command, LoadFarm.Range(frames), linked ? 1 : 2);
            var b = LoadFarm.Job("B", "/bin/true", LoadFarm.Range(frames), 1);
            b["dependency"] = "link-complete-work-A";
            var (before, commits) = (CountingQueue.Counts, Commits.Count);
            var ids = linked ? await farm.Submit(a, b) : await farm.Submit(a);
            var count = frames * ids.Length;
            await farm.Recorded(count);
            Say(what, "frame", count, before, Commits.Count - commits);
            await farm.Completed(ids);
        }

        void Say(string what, string each, int count, IReadOnlyDictionary<(string Recipient, string Message), long> before, long commits)
        {
            var counts = CountingQueue.Counts
                .Select(entry => (entry.Key, Count: entry.Value - before.GetValueOrDefault(entry.Key)))
                .Where(entry => entry.Count > 0)
                .OrderByDescending(entry => entry.Count)
                .ToList();
            figures.Add(new Figure
            {
                Name = $"{what}: messages per {each}",
                Value = counts.Sum(entry => entry.Count) / (double)count,
                Unit = "",
                Spread = string.Join(", ", counts.GroupBy(entry => entry.Key.Recipient).Select(group => string.Create(CultureInfo.InvariantCulture, $"at {group.Key} {group.Sum(entry => entry.Count) / (double)count:0.##}"))),
            });
            figures.Add(new Figure
            {
                Name = $"{what}: the commonest",
                Value = counts.Count,
                Unit = "kinds",
                Spread = string.Join(", ", counts.Take(8).Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key.Message} at {entry.Key.Recipient} {entry.Count / (double)count:0.##}"))),
            });
            figures.Add(new Figure { Name = $"{what}: commits per {each}", Value = commits / (double)count, Unit = "", Spread = $"{commits} commits of {count} {each}s, submission included" });
        }

        // Until each job is there, and answers for itself; the only slot is taken by the first.
        async Task CountSubmissions(string what, int calls, int jobsInCall)
        {
            await using var farm = await LoadFarm.StartAsync(1, CountingMailbox.Hocon, new SimulatedLauncher(TimeProvider.System, _ => new SimulatedRun(TimeSpan.FromHours(1))));
            JsonNode Job(int number) => LoadFarm.Job($"job-{number}", "/bin/true", LoadFarm.Range(1), 1);
            await farm.Jobs(await farm.Submit(Job(0)));
            var (before, commits) = (CountingQueue.Counts, Commits.Count);
            for (var call = 0; call < calls; call++)
            {
                await farm.Jobs(await farm.Submit([.. Enumerable.Range(1, jobsInCall).Select(Job)]));
            }

            Say(what, "job", calls * jobsInCall, before, Commits.Count - commits);
        }

        return new Scenario
        {
            Name = "messages",
            Title = "messages between actors, each hop through the shard region counted",
            Rounds = 1,
            Init = () => Task.CompletedTask,
            WarmUp = () => Task.CompletedTask,
            Steps =
            [
                new("W1", () => Count("W1", "/bin/true", linked: false)),
                new("W2", () => Count("W2", "sleep 0.05", linked: true)),
                new("submissions", () => CountSubmissions("submitted one by one", options.Smoke ? 5 : 100, 1)),
                new("submissions", () => CountSubmissions("submitted fifty in a call", options.Smoke ? 1 : 10, 50)),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(figures),
            Clean = () => Task.CompletedTask,
        };
    }
}

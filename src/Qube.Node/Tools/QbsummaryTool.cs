using System.Globalization;
using System.Text.Json;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbsummary (spec/cli.md §3.2): how many instances or items are in each state, by priority, user, cluster and so on.</summary>
internal static class QbsummaryTool
{
    private const int UsualWidth = 3;

    private static readonly string[] States = ["badlogin", "blocked", "complete", "failed", "killed", "pending", "running", "suspended", "unknown", "waiting"];

    private static readonly (string Letter, string Title, Func<JsonElement, IEnumerable<string>> Keys)[] Views =
    [
        ("p", "priority", job => [job.Text("priority")]),
        ("c", "cluster", job => [job.Text("cluster")]),
        ("u", "user", job => [job.Text("user")]),
        ("g", "group", job => job.Text("groups").Split(',', StringSplitOptions.TrimEntries)),
        ("cp", "cluster/priority", job => [$"{job.Text("cluster")}/{job.Text("priority")}"]),
        ("r", "reservation", job => [job.Text("reservations")]),
        ("a", "account", job => [job.Text("account")]),
        ("t", "type", job => [job.Text("prototype")]),
    ];

    public static Tool Tool { get; } = new(
        "qbsummary", "", "Counts the instances (…vs) or items (…vw) in each state, by priority and other attributes of their jobs.",
        [
            .. Views.SelectMany(view => (ToolOption[])
            [
                ToolOption.Flag($"{view.Letter}vs", $"By {view.Title}: instances."),
                ToolOption.Flag($"{view.Letter}vw", $"By {view.Title}: items."),
            ]),
            ToolOption.Flag("clusters", "Clusters whole; without it their first two levels."),
            ToolOption.Flag("long", "State names whole; alone: priority by instances and by items.", "l"),
            new("width", "N", "So many letters of each state's name; 3 without it."),
            ToolListing.Delimit,
        ],
        Run)
    {
        Examples = ["qbsummary", "qbsummary --uvw --long"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        var said = run.Said;
        if (said.Words.Count > 0)
        {
            throw CliFailure.Usage($"'{CellText.OneLine(said.Words[0])}' is one word too many");
        }

        (string Letter, string Title, Func<JsonElement, IEnumerable<string>> Keys, bool Items)[] views =
        [
            .. Views.SelectMany(view => ((bool Items, string Option)[])[(false, $"{view.Letter}vs"), (true, $"{view.Letter}vw")], (view, kind) => (view, kind))
                .Where(one => said.Has(one.kind.Option))
                .Select(one => (one.view.Letter, one.view.Title, one.view.Keys, one.kind.Items)),
        ];
        if (views.Length == 0)
        {
            var (letter, title, keys) = Views[0];
            views = said.Has("long") ? [(letter, title, keys, false), (letter, title, keys, true)] : [(letter, title, keys, false)];
        }

        var jobs = (await run.Post(JobQueries.Path, _ => { })).List("jobs").ToList();
        var width = said.Has("long") ? int.MaxValue : (int)Math.Clamp(said.Number("width") ?? UsualWidth, 1, 100);
        foreach (var (letter, title, keys, items) in views)
        {
            await run.Output.WriteLineAsync($"Title: {title}V{(items ? "work" : "status")}");
            var shortens = letter is "c" && !said.Has("clusters");
            await ToolListing.Show(
                run,
                [title, .. States.Append("total").Select(state => state[..Math.Min(width, state.Length)])],
                Rows(jobs, job => keys(job).Select(key => shortens ? FirstLevels(key) : key), items ? "todotally" : "cpustally"),
                column => column != title);
        }

        return CliExit.Ok;
    }

    private static List<IReadOnlyList<string>> Rows(List<JsonElement> jobs, Func<JsonElement, IEnumerable<string>> keys, string tally)
    {
        var rows = new SortedDictionary<string, long[]>(Comparer<string>.Create(Compare));
        foreach (var job in jobs)
        {
            foreach (var key in keys(job).Distinct(StringComparer.Ordinal))
            {
                Add(rows, key, job.Member(tally));
            }
        }

        var total = new long[States.Length];
        jobs.ForEach(job => Add(total, job.Member(tally)));
        return [.. rows.Select(row => Row(row.Key, row.Value)), Row("total", total)];
    }

    private static void Add(SortedDictionary<string, long[]> rows, string key, JsonElement tally)
    {
        if (!rows.TryGetValue(key, out var counts))
        {
            rows.Add(key, counts = new long[States.Length]);
        }

        Add(counts, tally);
    }

    private static void Add(long[] counts, JsonElement tally)
    {
        for (var at = 0; at < States.Length; at++)
        {
            counts[at] += tally.Long(States[at]);
        }
    }

    private static IReadOnlyList<string> Row(string key, long[] counts) =>
        [key, .. counts.Append(counts.Sum()).Select(count => count.ToString(CultureInfo.InvariantCulture))];

    private static string FirstLevels(string cluster) => string.Join('/', cluster.Split('/').Take(3));

    private static int Compare(string one, string other) =>
        long.TryParse(one, CultureInfo.InvariantCulture, out var first) && long.TryParse(other, CultureInfo.InvariantCulture, out var second) && first != second
            ? first.CompareTo(second)
            : string.CompareOrdinal(one, other);
}

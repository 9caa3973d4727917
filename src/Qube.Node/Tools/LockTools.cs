using System.Globalization;
using Qube.Domain.Ranges;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qblock and qbunlock (spec/cli.md §4, spec/scheduling.md §10).</summary>
internal static class LockTools
{
    /// <summary>Of saying what is locked.</summary>
    private static readonly string[] Ways = ["range", "value", "file"];

    public static IReadOnlyList<Tool> All { get; } =
    [
        Build("qblock", true, "Locks hosts, or some of their slots: they take no more work. Prints the hosts locked."),
        Build("qbunlock", false, "Opens hosts for work. Prints the hosts opened."),
    ];

    private static Tool Build(string name, bool locks, string summary) => new(
        name, "HOST…", summary,
        [
            ToolOption.Flag("all", "Every host of the farm."),
            .. HostChoice.Options,
            ToolOption.Flag("purge", "What runs there goes at once and runs again elsewhere; without it, it finishes."),
            ToolOption.Flag("lock", "Lock, as qblock does without it."),
            ToolOption.Flag("unlock", "Open, as qbunlock does without it."),
            new("range", "SLOTS", "Only these slots: 0-3. They replace what was locked before."),
            new("value", "TEXT", "The lock string whole: host.processor_0=1,host.processor_1=0, or a calendar."),
            new("file", "FILE", "The lock string whole, from a file."),
        ],
        run => Run(run, locks))
    {
        Examples = [$"{name} render01 render02", $"{name} --range 0-3 render01", $"{name} --cluster /lab --purge"],
    };

    private static async Task<int> Run(ToolRun run, bool locksByName)
    {
        var said = run.Said;
        var isChosen = said.Has("all") || HostChoice.IsSaid(said);
        if (said.Words.Count == 0 && !isChosen)
        {
            throw CliFailure.Usage("name hosts, choose some by an option, or say --all");
        }

        if (said.Words.Count > 0 && said.Has("all"))
        {
            throw CliFailure.Usage("name hosts, or say --all");
        }

        var locks = said.Has("unlock") ? false : said.Has("lock") || locksByName;
        var text = LockString(said, locks);
        var hosts = await HostChoice.Find(run, subjobs: false);
        string[] names = [.. hosts.Select(host => host.Text("name"))];
        var answer = names.Length == 0
            ? default
            : await run.Post(
                "api/v1/hosts/lock",
                body =>
                {
                    body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                    body.WriteString("user", run.User);
                    body.WriteBoolean("lock", locks);
                    body.WriteBoolean("purge", locks && said.Has("purge"));
                    if (text is not null)
                    {
                        body.WriteString("locks", text);
                    }

                    JobQueries.WriteList(body, "names", names);
                });
        string[] done = [.. answer.Texts("hosts")];
        await run.Output.WriteAsync(string.Concat(done.Select(host => CellText.OneLine(host) + "\n")));
        string[] unknown = [.. said.Words.SelectMany(JobQueries.Split).Where(word => !word.AsSpan().ContainsAny("*%~") && !names.Contains(word, StringComparer.OrdinalIgnoreCase))];
        foreach (var host in unknown)
        {
            run.Say($"there is no host '{host}'{(HostChoice.IsSaid(said) ? " as the options say" : "")}");
        }

        if (done.Length == 0 && unknown.Length == 0)
        {
            run.Say("there are no such hosts");
        }

        return unknown.Length > 0 || done.Length == 0 ? CliExit.Refused : CliExit.Ok;
    }

    private static string? LockString(ToolWords said, bool locks)
    {
        if (Ways.Count(said.Has) > 1)
        {
            throw CliFailure.Usage("--range, --value and --file all say what is locked: one of them");
        }

        if (said.Text("file") is { } file)
        {
            try
            {
                return string.Join(',', File.ReadAllLines(file).Select(line => line.Trim()).Where(line => line.Length > 0));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                throw CliFailure.Usage(unreadable.Message);
            }
        }

        if (said.Text("range") is not { } slots)
        {
            return said.Text("value");
        }

        var range = FrameRange.Parse(slots, true);
        return range.IsOk
            ? string.Join(',', RangeFunctions.Split(range.Value).Select(slot => string.Create(CultureInfo.InvariantCulture, $"host.processor_{slot}={(locks ? 1 : 0)}")))
            : throw CliFailure.Usage($"--range: {range.Error}");
    }
}

using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>The options of qbsub (spec/cli.md §1), and which of them are attributes of the job as they stand.</summary>
internal static class QbsubOptions
{
    private static readonly (JobAttribute Attribute, string[] Aliases)[] Own =
    [
        .. JobAttribute.All.Where(attribute => attribute.Key != "flags").Select(attribute => (attribute, Aliases(attribute))),
        (Text("address", "mailaddress", "NAMES", "Who gets its mail, separated by commas."), []),
        (Text("domain", "domain", "NAME", "The Windows domain of its owner."), []),
        (Text("user", "user", "USER", "Whose it is; yours without it."), []),
        (Text("reservations", "reservations", "TEXT", "What each instance takes of its host; host.processors=1 without it."), []),
        (Text("preflights", "preflights", "PATHS", "Run on the worker before an instance, separated by commas."), []),
        (Text("postflights", "postflights", "PATHS", "Run on the worker after an instance."), []),
        (Text("agenda_preflights", "agenda_preflights", "PATHS", "Run on the worker before each item."), []),
        (Text("agenda_postflights", "agenda_postflights", "PATHS", "Run on the worker after each item."), []),
        .. ((string[])["show", "shot", "seq", "client", "dept", "custom1", "custom2", "custom3", "custom4", "custom5"]).Select(tag =>
            (Text($"prod_{tag}", $"prod_{tag}", "TEXT", "A tag of the production."), (string[])[])),
    ];

    /// <summary>Attributes taken as they stand, with the option's name.</summary>
    public static IEnumerable<JobAttribute> Attributes => Own.Select(entry => entry.Attribute);

    public static IReadOnlyList<ToolOption> All { get; } =
    [
        new("name", "TEXT", "Its name; the command without it."),
        .. Own.Select(entry => new ToolOption(entry.Attribute.Option[2..], entry.Attribute.ValueName, entry.Attribute.Description, entry.Aliases)),
        new("type", "JOBTYPE", "Its type; cmdrange with --range, else cmdline.", "prototype"),
        new("status", "pending|blocked", "blocked: it starts when unblocked.", "state"),
        new("processors", "N", "As --reservations host.processors=N."),
        new("flags", "NAMES", "Job flags by name or number, separated by commas: host_list, export_environment …"),
        ToolOption.Flag("mail", "Mail its owner, or --address, when it is done."),
        new("preexec", "COMMAND", "Runs on the supervisor when the job starts."),
        new("postexec", "COMMAND", "Runs on the supervisor when the job is complete."),
        new("range", "RANGE", "Frames to run the command for: 1-100, 1-100x2, 1,5,10-20.", "frames"),
        new("padding", "N", "Frame numbers with leading zeros, so many digits."),
        ToolOption.Flag("reverse", "Last frame first."),
        ToolOption.Flag("binary", "First, last, middle, and so on between."),
        new("partitions", "N", "So many items in all.", "partition"),
        new("chunk", "N", "So many frames to an item."),
        new("p_agenda", "RANGE", "These items go ahead as a job of their own: two ids are printed. With the flag p_agenda alone: first, last and middle."),
        new("p_priority", "N", "The priority of the items that go ahead; 1 without it."),
        new("p_cpus", "N", "The instances of the items that go ahead; one for each without it."),
        new("data", "PACKED", "The package as packed data, with --type: '(=(cmdline=sleep \"1000\"))'."),
        new("export", "FILE", "Write an archive (.xja) and submit nothing; - is stdout."),
        new("import", "FILE", "Submit an archive (.xja); other options override what is in it. - is stdin."),
        ToolOption.Flag("waiton", "Wait until it is done; exit code 0 only if it is complete."),
        ToolOption.Flag("xml", "Print the job submitted as XML; with --export: the archive is XML in any case."),
    ];

    private static JobAttribute Text(string option, string key, string value, string help) => new($"--{option}", key, value, help);

    private static string[] Aliases(JobAttribute attribute) => attribute.Key switch
    {
        "hosts" => ["host"],
        "retrywork_delay" => ["retrywork_delay"],
        "agenda_timelimit" => ["agenda_timelimit"],
        "agenda_timeout" => ["agenda_timeout"],
        _ => [],
    };
}

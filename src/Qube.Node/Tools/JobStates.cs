namespace Qube.Node.Tools;

/// <summary>State options of job commands (spec/cli.md §2): several are any of them; <c>workpending</c> and <c>subjobpending</c> choose items and instances.</summary>
internal static class JobStates
{
    public const string Work = "work";
    public const string Subjob = "subjob";

    public static IReadOnlyList<string> Done { get; } = ["complete", "failed", "killed"];

    public static IReadOnlyList<string> Active { get; } = ["pending", "running", "blocked", "suspended", "waiting", "badlogin"];

    /// <summary>The options of these names.</summary>
    public static IEnumerable<ToolOption> Options(params IEnumerable<string> names) => names.Select(name => ToolOption.Flag(name, Help(name)));

    /// <summary>The states said, of jobs (prefix empty), items or instances.</summary>
    public static IReadOnlyList<string> Said(ToolWords said, string prefix)
    {
        string[] known = [.. Done, .. Active, "dying", "exiting", "registering"];
        return
        [
            .. known.Where(state => said.Has(prefix + state)
                || (said.Has(prefix + "done") && Done.Contains(state)) || (said.Has(prefix + "active") && Active.Contains(state))),
        ];
    }

    private static string Help(string name) => name switch
    {
        _ when name.StartsWith(Work, StringComparison.Ordinal) => $"Items that are {name[Work.Length..]}.",
        _ when name.StartsWith(Subjob, StringComparison.Ordinal) => $"Instances that are {name[Subjob.Length..]}.",
        "done" => "Jobs that are complete, failed or killed.",
        "active" => "Jobs that have not ended.",
        _ => $"Jobs that are {name}.",
    };
}

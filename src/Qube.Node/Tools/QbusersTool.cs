using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbusers (spec/cli.md §4, spec/scheduling.md §13). This farm gives no permissions to single users yet: the list says what everybody may, and
/// a change says that there is none, as <c>qb.setusers()</c> does.</summary>
internal static class QbusersTool
{
    /// <summary>The columns of the list and their letters, in Qube!'s order: administration, submission, verbs.</summary>
    private static readonly (char Letter, string Permission)[][] Columns =
    [
        [('a', "admin"), ('s', "sudo"), ('i', "impersonate"), ('l', "lock")],
        [('j', "submitjob"), ('c', "submitcallback"), ('g', "submitglobalcallback")],
        [
            ('k', "kill"), ('r', "remove"), ('m', "modify"), ('p', "preempt"), ('b', "block"), ('u', "unblock"), ('i', "interrupt"), ('c', "complete"), ('s', "suspend"),
            ('e', "resume"), ('y', "retry"), ('q', "requeue"), ('g', "migrate"), ('p', "bump"), ('v', "shove"), ('f', "fail"), ('t', "retire"), ('n', "reset"),
        ],
    ];

    private static readonly string[] Changes = ["add", "delete", "set", "drop"];

    /// <summary>What Qube! lets one say; those of them that only this table has (complete, reset) cannot be.</summary>
    private static readonly string[] Permissions =
    [
        "submitjob", "submitcallback", "submitglobalcallback", "kill", "remove", "modify", "preempt", "block", "interrupt", "unblock", "suspend", "resume", "bump", "migrate", "retry",
        "requeue", "shove", "fail", "retire", "all", "admin", "sudo", "impersonate", "lock",
    ];

    public static Tool Tool { get; } = new(
        "qbusers", "[USER…]", "Lists what users may do.",
        [
            ToolOption.Flag("list", "List users and their permissions, a letter each, - where one is missing; as without options."),
            ToolOption.Flag("member", "List the groups of permissions that users are members of."),
            ToolOption.Flag("add", "Not offered: permissions of single users do not exist yet."),
            ToolOption.Flag("delete", "Not offered, as --add."),
            ToolOption.Flag("set", "Not offered, as --add."),
            ToolOption.Flag("drop", "Not offered, as --add."),
            new("group", "GROUP", "The group meant by --add, --delete, --set and --member."),
            .. Permissions.Select(permission => ToolOption.Flag(permission, permission == "all" ? "For --add, --delete, --set: all that is not for administrators." : $"For --add, --delete, --set: {permission}.")),
        ],
        Run)
    {
        Notes = "Whoever reaches the supervisor may do everything: it is guarded by its address and its token, not by names. So the list has one row, [default].\n"
            + "Letters: " + string.Join(" | ", Columns.Select(column => string.Join(", ", column.Select(one => $"{one.Letter} {one.Permission}")))) + ".",
        Examples = ["qbusers --list"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        if (Changes.FirstOrDefault(run.Said.Has) is { } change)
        {
            throw CliFailure.Refused($"--{change} is not offered: permissions of single users do not exist yet; whoever reaches the supervisor may do everything");
        }

        if (Permissions.FirstOrDefault(run.Said.Has) is { } permission)
        {
            throw CliFailure.Usage($"--{permission} says what --add, --delete or --set is about");
        }

        // The farm is asked all the same: what is said here is said of a farm that is there.
        await run.Supervisor.Get("api/v1/ping", run.Cancel);
        if (run.Said.Has("member"))
        {
            run.Say("no groups");
            return CliExit.Ok;
        }

        await run.Output.WriteLineAsync(string.Join(' ', Columns.Select(column => string.Concat(column.Select(one => one.Letter)))) + "  [default]");
        foreach (var user in run.Said.Words)
        {
            run.Say($"{user} has no permissions of its own: [default] holds");
        }

        return CliExit.Ok;
    }
}

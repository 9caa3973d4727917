using System.Text.Json;
using Qube.Domain.Security;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbusers (spec/cli.md §4, spec/scheduling.md §13): who may do what.</summary>
internal static class QbusersTool
{
    private const string DefaultRow = "[default]";

    /// <summary>The columns of the list and their letters, in Qube!'s order: administration, submission, verbs.</summary>
    private static readonly (char Letter, Permissions Permission)[][] Columns =
    [
        [('a', Permissions.Admin), ('s', Permissions.SudoAdmin), ('i', Permissions.Impersonate), ('l', Permissions.LockHost)],
        [('j', Permissions.SubmitJob), ('c', Permissions.SubmitCallback), ('g', Permissions.SubmitGlobalCallback)],
        [
            ('k', Permissions.Kill), ('r', Permissions.Remove), ('m', Permissions.Modify), ('p', Permissions.Preempt), ('b', Permissions.Block), ('u', Permissions.Unblock),
            ('i', Permissions.Interrupt), ('c', Permissions.Complete), ('s', Permissions.Suspend), ('e', Permissions.Resume), ('y', Permissions.Retry), ('q', Permissions.Requeue),
            ('g', Permissions.Migrate), ('p', Permissions.Bump), ('v', Permissions.Shove), ('f', Permissions.Fail), ('t', Permissions.Retire), ('n', Permissions.Reset),
        ],
    ];

    private static readonly string[] Changes = ["add", "delete", "set", "drop"];

    /// <summary>As Qube! calls them on this command line.</summary>
    private static readonly string[] Names =
    [
        "submitjob", "submitcallback", "submitglobalcallback", "kill", "remove", "modify", "preempt", "block", "interrupt", "complete", "unblock", "suspend", "resume", "bump", "migrate",
        "retry", "requeue", "shove", "fail", "retire", "reset", "all", "admin", "sudo", "impersonate", "lock",
    ];

    public static Tool Tool { get; } = new(
        "qbusers", "[USER…]", "Lists what users may do, and changes it.",
        [
            ToolOption.Flag("list", "List users and their permissions, a letter each, - where one is missing; as without options."),
            ToolOption.Flag("member", "List users with their groups and what they may do to the jobs of the group's other members."),
            ToolOption.Flag("add", "Give the users named permissions beside those that they have."),
            ToolOption.Flag("set", "Give the users named these permissions and no others."),
            ToolOption.Flag("delete", "Take permissions from the users named; without any, what has been said of them: then the default holds."),
            ToolOption.Flag("drop", "Take the users named out of their group, or out of --group."),
            new("group", "GROUP", "The permissions of --add, --set and --delete are those on the jobs of this group's other members; --add and --set make the users members."),
            .. Names.Select(name => ToolOption.Flag(name, name == "all" ? "For --add, --delete, --set: all that is not for administrators." : $"For --add, --delete, --set: {name}.")),
        ],
        Run)
    {
        Notes = "A supervisor that was started with --token-file goes by this list; to change it needs admin, which root always has. Without a token file everybody may do everything.\n"
            + "Letters: " + string.Join(" | ", Columns.Select(column => string.Join(", ", column.Select(one => $"{one.Letter} {PermissionNames.Name(one.Permission)}")))) + ".",
        Examples = ["qbusers --list", "qbusers --add --kill --bump ann", "qbusers --set --group comp --kill --retry ann bob"],
    };

    private static async Task<int> Run(ToolRun run)
    {
        string[] changes = [.. Changes.Where(run.Said.Has)];
        string[] permissions = [.. Names.Where(run.Said.Has)];
        if (changes.Length > 1)
        {
            throw CliFailure.Usage($"--{changes[0]} and --{changes[1]} cannot be meant at once");
        }

        if (changes.Length == 0 && permissions.Length > 0)
        {
            throw CliFailure.Usage($"--{permissions[0]} says what --add, --delete or --set is about");
        }

        return changes.Length == 0 ? await List(run) : await Change(run, changes[0], permissions);
    }

    private static async Task<int> Change(ToolRun run, string action, string[] permissions)
    {
        if (run.Said.Words.Count == 0)
        {
            throw CliFailure.Usage($"--{action} of whom? Name one user or more");
        }

        foreach (var name in run.Said.Words)
        {
            await run.Post("api/v1/users", body =>
            {
                body.WriteString("requestId", Guid.NewGuid().ToString("N"));
                body.WriteString("user", run.User);
                body.WriteString("action", action);
                body.WriteString("name", name);
                body.WriteString("group", run.Said.Text("group") ?? "");
                JobQueries.WriteList(body, "permissions", permissions);
            });
        }

        return CliExit.Ok;
    }

    private static async Task<int> List(ToolRun run)
    {
        var answer = await run.Supervisor.Get("api/v1/users", run.Cancel);
        JsonElement[] users = [.. answer.List("users").Where(user => run.Said.Words.Count == 0 || run.Said.Words.Contains(user.Text("name"), StringComparer.Ordinal))];
        if (run.Said.Has("member"))
        {
            JsonElement[] members = [.. users.Where(user => user.Text("group").Length > 0 && (run.Said.Text("group") is not { } group || user.Text("group") == group))];
            await run.Output.WriteAsync(string.Concat(members.Select(user => $"{Letters(user.Int("groupMask"))}  {CellText.OneLine(user.Text("group"))}  {CellText.OneLine(user.Text("name"))}\n")));
            if (members.Length == 0)
            {
                run.Say("no groups");
            }

            return CliExit.Ok;
        }

        await run.Output.WriteAsync(Row(answer.Member("default").Int("mask"), DefaultRow) + string.Concat(users.Select(user => Row(user.Int("mask"), user.Text("name")))));
        foreach (var user in run.Said.Words.Except(users.Select(user => user.Text("name"))))
        {
            run.Say(answer.Texts("admins").Contains(user) ? $"{user} is an administrator whatever the list says" : $"{user} has no permissions of its own: {DefaultRow} holds");
        }

        return CliExit.Ok;
    }

    private static string Row(int mask, string name) => $"{Letters(mask)}  {CellText.OneLine(name)}\n";

    private static string Letters(int mask) =>
        string.Join(' ', Columns.Select(column => string.Concat(column.Select(one => ((Permissions)mask).HasFlag(one.Permission) ? one.Letter : '-'))));
}

using System.Text;
using System.Xml.Linq;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>qbkill, qbblock, qbretry and the rest of spec/cli.md §2: a verb on the jobs chosen. They print the ids of what changed.</summary>
internal static class ControlTools
{
    private static readonly string[] Moving = ["running", "pending", "workrunning", "workpending", "subjobrunning", "subjobpending"];
    private static readonly string[] Ended =
    [
        "running", "complete", "failed", "killed", "done", "workcomplete", "workfailed", "workkilled", "workdone", "subjobcomplete", "subjobfailed", "subjobkilled", "subjobdone",
    ];

    public static IReadOnlyList<Tool> All { get; } =
    [
        Build("block", "Holds jobs back; what runs is stopped and runs again later.", Scope.Both, JobStates.Active, Moving),
        Build("unblock", "Lets blocked jobs, instances and items start.", Scope.Both, JobStates.Active, [.. Moving, "blocked", "workblocked", "subjobblocked"]),
        Build(
            "kill", "Kills jobs, instances and items that have not ended.", Scope.Both, JobStates.Active,
            [.. Moving, "blocked", "badlogin", "workblocked", "subjobblocked", "subjobbadlogin"]),
        Build(
            "interrupt", "Takes running instances off their hosts now; they start again where there is room.", Scope.None, ["running"],
            ["running", "pending", "subjobrunning", "subjobpending", "active"]),
        Build("preempt", "Takes running instances off their hosts after their current items.", Scope.Instances, ["running"], ["running", "workrunning", "subjobrunning"]),
        Build("migrate", "As qbinterrupt, and for a while not back to the same hosts.", Scope.Instances, ["running"], ["running", "pending"]),
        Build("retire", "Lets instances finish their items and end: a job shrinks.", Scope.Instances, JobStates.Active, ["running"]),
        Build("retry", "Runs again what has ended.", Scope.Both, JobStates.Done, Ended),
        Build("requeue", "As qbretry, but held back until unblocked.", Scope.Both, JobStates.Done, [.. Ended, "pending"]),
        Build("suspend", "Stops the processes of running instances where they are.", Scope.None, ["running"], ["running", "subjobrunning"]),
        Build("resume", "Lets suspended instances go on.", Scope.None, ["suspended"], ["suspended"]),
        Build("shove", "Has the dispatcher look at jobs again now.", Scope.None, ["pending", "running"], ["pending", "running"]),
        Build("top", "Puts jobs before all others of their priority.", Scope.None, JobStates.Active, ["running", "pending", "blocked"]),
        Build("bottom", "Puts jobs after all others of their priority.", Scope.None, JobStates.Active, ["running", "pending", "blocked", "active"]),
        Build("remove", "Takes jobs that have ended off the farm.", Scope.None, JobStates.Done, ["failed", "killed", "complete", "done", "pending", "running", "active"]),
    ];

    /// <summary>Whether whole jobs are acted on through their items, their instances or both.</summary>
    private enum Scope
    {
        /// <summary>The verb is on instances, or on jobs whole; nothing can be said.</summary>
        None,

        /// <summary>Both, unless one is said.</summary>
        Both,

        /// <summary>Instances, unless items alone are said.</summary>
        Instances,
    }

    private static Tool Build(string verb, string summary, Scope scope, IReadOnlyList<string> usual, IEnumerable<string> states)
    {
        ToolOption[] scopes = scope == Scope.None
            ? []
            :
            [
                ToolOption.Flag("work", scope == Scope.Both ? "Of whole jobs: items only; without either option both." : "Of whole jobs: items, where the verb is for items."),
                ToolOption.Flag("subjob", scope == Scope.Both ? "Of whole jobs: instances only; without either option both." : "Of whole jobs: instances, as without it."),
            ];
        return new(
            $"qb{verb}", "JOB[.SUB][:ITEM]… | 0", summary + " Prints what changed, an id a line.",
            [.. scopes, .. JobStates.Options(states), .. StandardFilters.Options],
            run => Run(run, verb, scope, usual))
        {
            Notes = "0 is all jobs of yours, or of --user. State options restrict which of the jobs named are acted on; several are any of them.",
            Examples = [$"qb{verb} 12", $"qb{verb} --name '~^shot' 0"],
        };
    }

    private static async Task<int> Run(ToolRun run, string verb, Scope scope, IReadOnlyList<string> usual)
    {
        var ids = await JobSelection.Ids(run, usual);
        return await Apply(run, verb, ScopeOf(scope, run.Said), ids);
    }

    /// <summary>Applies a verb and prints what changed; also where nothing was chosen.</summary>
    public static async Task<int> Apply(ToolRun run, string verb, string scope, string[] ids)
    {
        var answer = ids.Length == 0
            ? default
            : await run.Post(ControlCommand.Path, body => ControlCommand.WriteBody(body, run.User, verb, scope, ids));
        return await ControlCommand.Tell(run.Session, run.Tool.Name, verb, ids.Length == 0 ? [.. run.Said.Words] : ids, answer, run.IsXml ? Xml : null);
    }

    /// <summary>Ids as XML.</summary>
    public static string Xml(string[] ids)
    {
        var text = new StringBuilder("<?xml version='1.0' encoding='UTF-8'?>\n");
        return text.Append(new XElement("affected", ids.Select(id => new XElement("id", id)))).Append('\n').ToString();
    }

    private static string ScopeOf(Scope scope, ToolWords said) => (scope, said.Has("work"), said.Has("subjob")) switch
    {
        (Scope.Both, true, false) => "work",
        (Scope.Both, false, true) => "job",
        (Scope.Both, _, _) => "both",
        (Scope.Instances, true, false) => "work",
        _ => "job",
    };
}

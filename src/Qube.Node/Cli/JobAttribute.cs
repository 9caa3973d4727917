namespace Qube.Node.Cli;

/// <summary>An option of <c>sub</c> that is one attribute of the job, passed on as it is (spec/jobs.md §1).</summary>
/// <param name="Option">The option.</param>
/// <param name="Key">The attribute.</param>
/// <param name="ValueName">What its value is called in the help.</param>
/// <param name="Description">What it does.</param>
/// <param name="IsNumber">Whether its value is a whole number.</param>
internal sealed record JobAttribute(string Option, string Key, string ValueName, string Description, bool IsNumber = false)
{
    private static readonly string[] Fixed = ["pid", "waitfor", "dependency", "flags", "kind"];

    /// <summary>Those that <c>modify</c> changes; the name, which <c>sub</c> treats by itself, is among them.</summary>
    public static IEnumerable<JobAttribute> Modifiable =>
        All.Where(attribute => !Fixed.Contains(attribute.Key))
            .Prepend(new JobAttribute("--name", "name", "TEXT", "Its name."))
            .Append(new JobAttribute("--address", "mailaddress", "NAMES", "Who gets its mail, separated by commas."));

    public static IReadOnlyList<JobAttribute> All { get; } =
    [
        new("--label", "label", "TEXT", "Its name within the process group, for dependencies."),
        new("--priority", "priority", "N", "1 is best, 9999 last.", IsNumber: true),
        new("--cpus", "cpus", "N", "How many instances run at once; 1 without it.", IsNumber: true),
        new("--max_cpus", "max_cpus", "N|*", "How many instances it may grow to while hosts are idle."),
        new("--pgrp", "pgrp", "ID", "The process group it joins; its own without it.", IsNumber: true),
        new("--pid", "pid", "ID", "Its parent job.", IsNumber: true),
        new("--waitfor", "waitfor", "ID", "Starts when this job is done; several, separated by commas: when all are."),
        new("--dependency", "dependency", "TEXT", "Starts when this holds: link-complete-job-220, link-done-work-220-*, several joined by commas or ||."),
        new("--requirements", "requirements", "EXPR", "What a host must be: 'host.memory >= 4000'."),
        new("--restrictions", "restrictions", "CLUSTERS", "The only clusters it may run in."),
        new("--cluster", "cluster", "PATH", "Its cluster."),
        new("--hosts", "hosts", "NAMES", "The only hosts it may run on, separated by commas."),
        new("--omithosts", "omithosts", "NAMES", "Hosts it may not run on."),
        new("--groups", "groups", "NAMES", "The only host groups it may run in."),
        new("--omitgroups", "omitgroups", "NAMES", "Host groups it may not run in."),
        new("--hostorder", "hostorder", "EXPR", "Which hosts it prefers."),
        new("--flags", "flags", "NAMES", "Job flags by name, separated by commas: export_environment, migrate_on_frame_retry …"),
        new("--account", "account", "TEXT", "Whom to charge."),
        new("--kind", "kind", "TEXT", "A word of your own, for requirements."),
        new("--notes", "notes", "TEXT", "A note to go with it."),
        new("--timeout", "timeout", "SECONDS", "An instance that runs longer, and the job, is told of by the event timeout.", IsNumber: true),
        new("--agendatimeout", "agenda_timeout", "SECONDS", "The same of an item.", IsNumber: true),
        new("--timelimit", "timelimit", "SECONDS", "The job fails when it runs longer.", IsNumber: true),
        new("--agendatimelimit", "agenda_timelimit", "SECONDS", "An item fails when it runs longer.", IsNumber: true),
        new("--retrywork", "retrywork", "N", "How often an item that failed runs again.", IsNumber: true),
        new("--retryworkdelay", "retrywork_delay", "SECONDS", "How long it waits before that.", IsNumber: true),
        new("--retrysubjob", "retrysubjob", "N", "How often an instance that failed starts again.", IsNumber: true),
    ];
}

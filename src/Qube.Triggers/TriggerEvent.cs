namespace Qube.Triggers;

/// <summary>One event as its source log has it: something happened to a job, or to one or many of its items at once.</summary>
/// <param name="Source">The job id; <see cref="FarmSource"/> for events that belong to no job.</param>
/// <param name="Type">What it happened to.</param>
/// <param name="Name">Event name in any case. `done` is an event of its own, emitted by the source; `unblock` is `unblocked`.</param>
/// <param name="Extras">Item names, instance numbers, host names or the clock's text; empty for job and global events.</param>
public readonly record struct TriggerEvent(long Source, SubjectType Type, string Name, NameSet Extras)
{
    public const long FarmSource = 0;

    public static TriggerEvent ForJob(long jobId, string name) => new(jobId, SubjectType.Job, name, NameSet.Empty);

    public static TriggerEvent ForItem(long source, SubjectType type, string name, string extra) => new(source, type, name, NameSet.Of(extra));

    /// <summary>A user-defined event of the farm, raised by `qb.trigger("name-global")`.</summary>
    public static TriggerEvent ForGlobal(string name) => new(FarmSource, SubjectType.Global, name, NameSet.Empty);
}

namespace Qube.Triggers;

/// <summary>What an event happened to: the second field of an event pattern (callbacks.md §5).</summary>
public enum SubjectType
{
    Job,

    /// <summary>One instance of a job; the extra is its number.</summary>
    Subjob,

    /// <summary>One agenda item (frame); the extra is its name.</summary>
    Work,

    /// <summary>A render host; the extra is its name.</summary>
    Host,

    /// <summary>A one-shot clock; the extra is the Qube time at which it strikes.</summary>
    Time,

    /// <summary>A periodic clock; the extra is "start-interval".</summary>
    Repeat,

    /// <summary>A user-defined event that belongs to no job.</summary>
    Global,
    GlobalTime,
    GlobalRepeat,
}

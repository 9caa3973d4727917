namespace Qube.Contracts;

/// <summary>How a process came to its end, in the worker's eyes.</summary>
public enum EndOutcome : byte
{
    None = 0,
    Succeeded = 1,
    Failed = 2,

    /// <summary>Ended because the job asked for it.</summary>
    Stopped = 3,

    /// <summary>No process of it is alive and its exit is not known: it runs again and no try is counted.</summary>
    Lost = 4,
}

namespace Qube.Contracts;

/// <summary>How an attempt at a firing's action ended.</summary>
public enum FiringEnd
{
    /// <summary>In journals from before it was told: see the words of the outcome.</summary>
    Unknown = 0,
    Done = 1,
    Failed = 2,

    /// <summary>Given up: a dead letter, to be sent again by hand.</summary>
    Dead = 3,

    /// <summary>This attempt failed, and another follows by itself.</summary>
    Retrying = 4,
}

namespace Qube.Contracts;

/// <summary>What has become of a firing (the ledger's states).</summary>
public enum FiringState
{
    /// <summary>Fired; its action has not begun, or waits for its next attempt.</summary>
    Pending = 0,
    Running = 1,
    Done = 2,
    Failed = 3,

    /// <summary>Given up, or stopped by the loop guard.</summary>
    Dead = 4,
}

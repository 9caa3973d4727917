namespace Qube.Contracts;

/// <summary>One change of a job's state, as it stands in the job's log. Which fields a kind uses is said at the kind.</summary>
public sealed record Transition
{
    public TransitionKind Kind { get; init; }

    /// <summary>Item, or -1 (an instance's own command).</summary>
    public int Seq { get; init; } = -1;

    public int Instance { get; init; } = -1;

    /// <summary>1-based try of the item, or run of the instance.</summary>
    public int Attempt { get; init; }

    public Status Status { get; init; }

    public string? Host { get; init; }

    /// <summary>Exit code, or minus the signal's number.</summary>
    public int ExitCode { get; init; }

    public long StartedMs { get; init; }

    public long EndedMs { get; init; }

    /// <summary>Bulk changes: first, last, first, last… of the items' sequence numbers.</summary>
    public int[]? Items { get; init; }

    /// <summary>Allocations, results, reasons, modified attributes; by kind.</summary>
    public string? Text { get; init; }

    /// <summary>Length of the causal chain that led here (design §5, loop guard).</summary>
    public int Depth { get; init; }

    /// <summary>Assigned: handed out behind others, not started. Ended: its start was never recorded by itself.</summary>
    public bool Ahead { get; init; }

    /// <summary>The verb behind the change, where events tell it: by kind.</summary>
    public JobVerb Verb { get; init; }

    /// <summary>Instance assigned: the checks of its host. Own item (Seq -1) assigned, ended or given back: where the run then stands, when that is
    /// about flight checks.</summary>
    public int Flight { get; init; }
}

namespace Qube.Domain.Execution;

/// <summary>All that decides which environment a process gets (jobs.md §4.3).</summary>
public sealed record ProcessIdentity
{
    public required long JobId { get; init; }

    /// <summary>Number of the instance (Qube!: subjob).</summary>
    public required int Instance { get; init; }

    public required long ProcessGroupId { get; init; }

    /// <summary>Where the processes find the supervisor: <c>host</c>, <c>host:port</c> or a URL.</summary>
    public required string Supervisor { get; init; }

    public string Domain { get; init; } = "qube";

    public string QubeFolder { get; init; } = "";

    /// <summary>What the instance got of its reservations, <c>host.processors=2</c>.</summary>
    public string Allocations { get; init; } = "";

    /// <summary>Slots got.</summary>
    public int Slots { get; init; } = 1;

    public int Padding { get; init; }

    /// <summary>The item in hand; null for an instance without one.</summary>
    public ItemTokens? Item { get; init; }

    /// <summary>For postflights: state of the instance, <c>complete</c> or <c>failed</c>.</summary>
    public string? InstanceStatus { get; init; }

    /// <summary>For postflights: state of the item.</summary>
    public string? FrameStatus { get; init; }

    /// <summary>For postflights: exit code of the last command.</summary>
    public int? ExitCode { get; init; }
}

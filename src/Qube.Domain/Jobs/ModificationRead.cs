namespace Qube.Domain.Jobs;

/// <summary>A modification as read against the job that it is for.</summary>
public sealed record ModificationRead
{
    /// <summary>What is wrong with it; empty when it can be done.</summary>
    public string Error { get; init; } = "";

    /// <summary>The attributes that change, as a JSON object, without <see cref="Pgrp"/> and <see cref="Label"/>.</summary>
    public string Changes { get; init; } = JobModification.Nothing;

    /// <summary>The number of instances, where that changes.</summary>
    public int? Instances { get; init; }

    /// <summary>The process group to move to, and the label, where they change: to be asked of the group.</summary>
    public long? Pgrp { get; init; }

    public string? Label { get; init; }
}

using System.Collections.Immutable;

namespace Qube.Domain.Submissions;

/// <summary>A submission as read: everything that can be known before ids are given and the process group is asked.</summary>
public sealed record SubmissionDraft
{
    /// <summary>The client's name for this request, the same on every retry; empty when it gave none.</summary>
    public string RequestId { get; init; } = "";

    public string User { get; init; } = "";

    public string SourceHost { get; init; } = "";

    /// <summary>Dry run: say what would be created.</summary>
    public bool Check { get; init; }

    /// <summary>The process group to join; 0: a new one.</summary>
    public long Pgrp { get; init; }

    public ImmutableArray<JobDraft> Jobs { get; init; } = [];
}

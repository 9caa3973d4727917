namespace Qube.Contracts;

/// <summary>The journal of a job: persistence id <c>job-&lt;id&gt;</c>.</summary>
public static class JobEvents
{
    /// <summary>The first event: the job exists. Emits <c>submit</c>, then <c>blocked</c> or <c>pending</c> (spec/callbacks.md §20).
    /// Its submission was answered when its process group had it.</summary>
    public sealed record Created : IPatientEvent
    {
        public JobSpec Spec { get; init; } = new();

        public long AtMs { get; init; }
    }

    /// <summary>Everything that happened to the job between two commits, in order.</summary>
    public sealed record Batch
    {
        public long AtMs { get; init; }

        public Transition[] Transitions { get; init; } = [];
    }
}

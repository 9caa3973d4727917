namespace Qube.Domain.Jobs;

/// <summary>Something that happened to a job, an instance or items, as callbacks name it (spec/callbacks.md §4, §5).</summary>
/// <param name="Subject">Job, subjob or work.</param>
/// <param name="Name">Event name, lower case.</param>
/// <param name="Instance">Instance number of a subjob event; -1 otherwise.</param>
/// <param name="Items">First, last, first, last… of the items' sequence numbers of a work event; null otherwise.</param>
/// <param name="Ordinal">Place within its log entry: with source and sequence number the cause of what follows.</param>
/// <param name="Depth">Length of the causal chain.</param>
public readonly record struct LifecycleEvent(LifecycleSubject Subject, string Name, int Instance, int[]? Items, int Ordinal, int Depth);

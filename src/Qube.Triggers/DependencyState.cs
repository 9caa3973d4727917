namespace Qube.Triggers;

/// <summary>The state a dependency waits for (callbacks.md §16.1). `done` is any of the other three.</summary>
public enum DependencyState
{
    Complete,
    Done,
    Failed,
    Killed,
}

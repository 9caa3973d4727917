namespace Qube.Actors.Workers;

/// <summary>Start this one now.</summary>
public readonly record struct LaunchOrder(WorkerInstance Instance, RunningItem Item);

namespace Qube.Actors.Workers;

/// <summary>Read what this one has written before its end is judged; answered by <c>WorkerInstances.Judge</c>.</summary>
public readonly record struct ReadOrder(WorkerInstance Instance, EndedItem Item);

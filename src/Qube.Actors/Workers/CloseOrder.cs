namespace Qube.Actors.Workers;

/// <summary>A back end that gets no more items, and what it is told when it asks for one.</summary>
public readonly record struct CloseOrder(long JobId, int Instance, int Run, string Status);

namespace Qube.Contracts.Launching;

/// <summary>An item for the back end of an instance: one process that asks for items and reports them (spec/jobs.md §6.2).</summary>
/// <param name="Run">Which run of the instance; a process of another run is ended first.</param>
/// <param name="Item">The item as the back end gets it: a JSON object on one line.</param>
public sealed record BackEndItem(int Run, string Item);

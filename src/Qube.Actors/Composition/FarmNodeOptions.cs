using Qube.Actors.Dispatch;
using Qube.Actors.ReadModel;
using Qube.Actors.Workers;
using Qube.Contracts;

namespace Qube.Actors.Composition;

/// <summary>What a supervisor's share of the farm is made with.</summary>
public sealed record FarmNodeOptions
{
    public required FarmSettings Settings { get; init; }

    /// <summary>Opens the read model's place; called for its writer and its reader.</summary>
    public required Func<IJobReadModel> OpenReadModel { get; init; }

    /// <summary>Whether all supervisors write to one place; else each has a list of its own.</summary>
    public bool IsReadModelShared { get; init; }

    public required GateOptions Gate { get; init; }

    public DispatcherOptions Dispatcher { get; init; } = new();

    public ReadModelOptions ReadModel { get; init; } = new();
}

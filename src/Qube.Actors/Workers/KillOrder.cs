using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>End this one.</summary>
public readonly record struct KillOrder(LaunchKey Key, TimeSpan Grace);

using Qube.Contracts.Launching;

namespace Qube.Actors.Workers;

/// <summary>
/// Connects to the host's launcher, starting one if none is there. A simulated farm replaces this alone
/// (<see cref="SimulatedLauncher"/>).
/// </summary>
/// <param name="onEvent">Gets the launcher's events, one at a time and in order, the snapshot first; called from any thread.</param>
/// <param name="cancellationToken">The worker node stops.</param>
public delegate Task<ILauncher> LauncherConnector(Action<LaunchEvent> onEvent, CancellationToken cancellationToken);

using Qube.Domain.Security;

namespace Qube.Actors.Farm;

/// <summary>Who raises an event, and of what that user may.</summary>
/// <param name="User">Who.</param>
/// <param name="Owners">Of whose jobs: those that the user may modify.</param>
/// <param name="OfFarm">Events of no job. Whoever may have callbacks may raise what they wait for.</param>
/// <param name="OfHosts">Events of hosts.</param>
public sealed record EventRaiser(string User, JobOwners Owners, bool OfFarm, bool OfHosts);

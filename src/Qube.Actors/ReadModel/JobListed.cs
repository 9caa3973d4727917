using Akka.Actor;
using Qube.Contracts;

namespace Qube.Actors.ReadModel;

/// <summary>Process group → this node's read model: the job was accepted, and is in the list from here on. Its row is made when it is written, and not at all
/// where the job has spoken for itself by then.</summary>
public sealed record JobListed(JobSpec Spec) : INoSerializationVerificationNeeded;

using Akka.Actor;

namespace Qube.Actors.Workers;

/// <summary>
/// Job → this node's gate: pass it on to that host's worker node. Never leaves the process; the message inside it does. Dropped when the
/// host is not attached: every sender says it again when the host arrives.
/// </summary>
/// <param name="Host">Name of the host.</param>
/// <param name="Message">One of <see cref="Contracts.WorkerMessages"/>.</param>
public sealed record ToWorker(string Host, object Message) : INoSerializationVerificationNeeded;

using System.Collections.Concurrent;
using Akka.Actor;

namespace Qube.Storage;

/// <summary>
/// Persistence ids of which their maker knows that no event can exist yet. The journal answers the first recovery of such an id with
/// "nothing, sequence number 0" without asking the database, and forgets the id.
/// </summary>
/// <remarks>
/// Wrong use loses nothing: a first event under a sequence number that exists is refused by the unique key and stops the actor.
/// An id whose actor is never started must be taken back with <see cref="Remove"/>.
/// </remarks>
public sealed class KnownNewIds : IExtension
{
    private readonly ConcurrentDictionary<string, byte> _ids = new(StringComparer.Ordinal);

    /// <summary>The set of this actor system.</summary>
    public static KnownNewIds Get(ActorSystem system) => system.WithExtension<KnownNewIds, Provider>();

    /// <summary>Call before the actor with this persistence id is created.</summary>
    public void Add(string persistenceId) => _ids.TryAdd(persistenceId, 0);

    public void Remove(string persistenceId) => _ids.TryRemove(persistenceId, out _);

    /// <summary>Whether it was added, and neither used nor taken back since.</summary>
    public bool Contains(string persistenceId) => !_ids.IsEmpty && _ids.ContainsKey(persistenceId);

    /// <summary>True once for every <see cref="Add"/>.</summary>
    internal bool Consume(string persistenceId) => !_ids.IsEmpty && _ids.TryRemove(persistenceId, out _);

    private sealed class Provider : ExtensionIdProvider<KnownNewIds>
    {
        public override KnownNewIds CreateExtension(ExtendedActorSystem system) => new();
    }
}

using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Serialization;
using Akka.Util;

namespace Qube.Storage.Journal;

/// <summary>Events to rows and back, by the actor system's serializers: id and manifest of each go into the row.</summary>
/// <remarks>Thread-safe: the writer encodes while readers decode.</remarks>
internal sealed class EventCodec(ExtendedActorSystem system, EventAdapters adapters, string writerUuid)
{
    private readonly Akka.Serialization.Serialization _serialization = system.Serialization;

    /// <summary>Appends the rows of one request. An atomic write that cannot be serialized is rejected as a whole.</summary>
    public WriterBatch Encode(WriteMessages request, List<JournalRow> rows, long nowTicks)
    {
        var batch = new WriterBatch(request, rows.Count);
        foreach (var envelope in request.Messages)
        {
            if (envelope is not AtomicWrite write)
                continue;

            var firstOfWrite = rows.Count;
            try
            {
                foreach (var representation in EventsOf(write))
                    rows.Add(Encode(representation, nowTicks));
            }
            catch (Exception cause)
            {
                rows.RemoveRange(firstOfWrite, rows.Count - firstOfWrite);
                (batch.Rejections ??= [])[batch.AtomicWriteCount] = cause;
            }

            batch.AtomicWriteCount++;
        }

        batch.RowCount = rows.Count - batch.FirstRow;
        return batch;
    }

    /// <summary>A row as the events it stands for: one, unless an event adapter says otherwise.</summary>
    public IEnumerable<IPersistentRepresentation> Decode(JournalRow row)
    {
        var payload = _serialization.Deserialize(row.Payload, row.SerializerId, row.Manifest);
        var representation = new Persistent(
            payload, row.SequenceNr, row.PersistenceId, row.Manifest, isDeleted: false, ActorRefs.NoSender, row.WriterUuid, row.CreatedTicks);
        var adapter = adapters.Get(payload.GetType());
        return adapter is IdentityEventAdapter
            ? [representation]
            : adapter.FromJournal(payload, row.Manifest).Events.Select(representation.WithPayload);
    }

    public static IImmutableList<IPersistentRepresentation> EventsOf(AtomicWrite write)
        => (IImmutableList<IPersistentRepresentation>)write.Payload;

    private JournalRow Encode(IPersistentRepresentation representation, long nowTicks)
    {
        var payload = representation.Payload;
        var adapter = adapters.Get(payload.GetType());
        if (adapter is not IdentityEventAdapter)
            payload = adapter.ToJournal(payload);

        var tags = string.Empty;
        if (payload is Tagged tagged)
        {
            payload = tagged.Payload;
            tags = tagged.Tags.Count == 0 ? string.Empty : $";{string.Join(';', tagged.Tags)};";
        }

        var serializer = _serialization.FindSerializerFor(payload);

        // WithTransport: an actor reference inside an event is written with this system's address.
        var bytes = Akka.Serialization.Serialization.WithTransport(system, (serializer, payload), static s => s.serializer.ToBinary(s.payload));
        var manifest = serializer switch
        {
            SerializerWithStringManifest named => named.Manifest(payload),
            { IncludeManifest: true } => payload.GetType().TypeQualifiedName(),
            _ => string.Empty,
        };

        return new JournalRow(
            representation.PersistenceId,
            representation.SequenceNr,
            representation.Timestamp == 0 ? nowTicks : representation.Timestamp,
            tags,
            bytes,
            serializer.Identifier,
            manifest,
            writerUuid);
    }
}

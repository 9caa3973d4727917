using Akka.Actor;
using Akka.Serialization;

namespace Qube.Wire;

/// <summary>The only serializer for our messages and events. A type that is not in <see cref="WireTable"/> is refused, not guessed.</summary>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private static readonly Dictionary<Type, string> Manifests = WireTable.Messages.ToDictionary(entry => entry.Type, entry => entry.Manifest);

    private static readonly Dictionary<string, Type> Types = WireTable.Messages.ToDictionary(entry => entry.Manifest, entry => entry.Type);

    [ThreadStatic]
    private static MemoryStream? buffer;

    /// <summary>Stands in journals beside every row: never changed.</summary>
    public override int Identifier => 50001;

    public override string Manifest(object o) =>
        Manifests.TryGetValue(o.GetType(), out var manifest)
            ? manifest
            : throw new ArgumentException($"{o.GetType()} is not in the wire table", nameof(o));

    public override byte[] ToBinary(object obj)
    {
        var stream = buffer ??= new MemoryStream(4096);
        stream.SetLength(0);
        WireModel.Model.Serialize(stream, obj);
        var bytes = stream.ToArray();
        if (stream.Capacity > 1 << 20)
        {
            buffer = null;
        }

        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest) =>
        Types.TryGetValue(manifest, out var type)
            ? WireModel.Model.Deserialize(type, bytes.AsMemory())
            : throw new ArgumentException($"manifest '{manifest}' is not in the wire table: written by a newer version?", nameof(manifest));
}

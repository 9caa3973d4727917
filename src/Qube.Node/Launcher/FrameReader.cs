using System.Buffers.Binary;
using System.Text;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>Reads what <see cref="FrameWriter"/> wrote.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    internal readonly int Remaining => _rest.Length;

    internal byte Byte()
    {
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    internal int Int32()
    {
        var value = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        _rest = _rest[4..];
        return value;
    }

    internal long Int64()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    internal LaunchKey Key() => new(Int64(), Int32(), Int32(), Int32());

    internal string Text() => Encoding.UTF8.GetString(Bytes(Int32()));

    internal ReadOnlySpan<byte> Bytes(int count)
    {
        var value = _rest[..count];
        _rest = _rest[count..];
        return value;
    }
}

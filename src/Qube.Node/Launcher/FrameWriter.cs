using System.Buffers.Binary;
using System.Text;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>Writes little-endian numbers into a buffer that grows. A struct to be passed by reference; not thread-safe.</summary>
internal struct FrameWriter
{
    private byte[] _buffer;

    internal FrameWriter(int capacity) => _buffer = new byte[capacity];

    internal int Length { get; private set; }

    internal readonly Span<byte> Written => _buffer.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    internal Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }

    internal void Byte(byte value) => Take(1)[0] = value;

    internal void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    internal void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    internal void Key(LaunchKey key)
    {
        Int64(key.JobId);
        Int32(key.Seq);
        Int32(key.Instance);
        Int32(key.Attempt);
    }

    internal void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Int32(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    internal void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Leaves four bytes for a length that <see cref="EndFrame"/> fills in.</summary>
    internal int BeginFrame(byte type)
    {
        var start = Length;
        Take(4);
        Byte(type);
        return start;
    }

    internal readonly void EndFrame(int start) =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), Length - start - 4);
}

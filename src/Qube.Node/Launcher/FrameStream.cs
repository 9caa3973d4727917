using System.Buffers.Binary;

namespace Qube.Node.Launcher;

/// <summary>Cuts what is received on a socket into frames. One thread only.</summary>
internal sealed unsafe class FrameStream
{
    private byte[] _buffer = new byte[64 << 10];
    private int _from;
    private int _to;

    /// <summary>Receives once. False when the other end is gone.</summary>
    internal bool Receive(int fd, bool wait)
    {
        if (_from == _to)
        {
            _from = _to = 0;
        }
        else if (_to == _buffer.Length)
        {
            if (_from > 0)
            {
                Buffer.BlockCopy(_buffer, _from, _buffer, 0, _to - _from);
                (_from, _to) = (0, _to - _from);
            }
            else
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }

        nint n;
        fixed (byte* p = _buffer)
        {
            do
            {
                n = Libc.Recv(fd, p + _to, _buffer.Length - _to, wait ? 0 : Libc.MsgDontWait);
            }
            while (n < 0 && Libc.Errno == Libc.EINTR);
        }

        if (n < 0)
        {
            return !wait && Libc.Errno == Libc.EAGAIN;
        }

        _to += (int)n;
        return n > 0;
    }

    /// <summary>The next whole frame (type and body), valid until the next <see cref="Receive"/>.</summary>
    /// <exception cref="InvalidDataException">The length is impossible: the other end speaks something else.</exception>
    internal bool TryNext(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_to - _from < 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_from));
        if (length is < 1 or > LauncherProtocol.MaxFrameBytes)
        {
            throw new InvalidDataException($"a frame of {length} bytes on the launcher's socket");
        }

        if (_to - _from - 4 < length)
        {
            return false;
        }

        frame = _buffer.AsSpan(_from + 4, length);
        _from += 4 + length;
        return true;
    }

    internal void Clear() => _from = _to = 0;
}

using System.Buffers.Binary;
using System.Numerics;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <summary>
/// <c>DIR/run</c>: every start and end, appended with one write(2) before the message about it leaves, so that kill -9 of the
/// writer loses nothing (the page cache is the kernel's). Against power loss it is synced now and then: what a machine was
/// running when it lost power is not running any more, and what had ended in the last seconds runs again. Records are length, CRC-32C, body. A
/// torn tail is cut off when the file is opened. The owner holds <see cref="FileLock"/>, and one lock of its own around all calls
/// but <see cref="Sync"/>.
/// </summary>
internal sealed unsafe partial class RunFile : IDisposable
{
    internal const string FileName = "run";
    internal const long CompactAboveBytes = 8 << 20;
    private const int HeaderBytes = 24, MaxRecordBytes = 1 << 20, KeysAtOnce = 1000;
    private static readonly byte[] Magic = "QUBERUN1"u8.ToArray();
    private readonly string _directory;
    private readonly Lock _descriptor = new();
    private FrameWriter _writer = new(1024);
    private int _fd;
    private long _compactAboveBytes = CompactAboveBytes;
    private bool _dirty;

    private RunFile(string directory, int fd, Guid id, long length, RunState state)
    {
        (_directory, _fd, Id, LengthBytes, State) = (directory, fd, id, length, state);
    }

    /// <summary>Of this folder, once and for all: the first half of every QUBE_RUN.</summary>
    internal Guid Id { get; }

    internal long LengthBytes { get; private set; }

    internal RunState State { get; }

    /// <summary>The value of QUBE_RUN by which a process of this folder is known again.</summary>
    internal string Mark(LaunchKey key) => $"{Id:N}:{key}";

    /// <summary>Opens or creates the file; cuts a torn tail off.</summary>
    /// <exception cref="IOException">The file cannot be opened, or is not a run file.</exception>
    internal static RunFile Open(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        if (bytes.Length >= HeaderBytes && !bytes.AsSpan(0, 8).SequenceEqual(Magic))
        {
            throw new IOException($"{path} is not a launcher's run file; move it away to start afresh");
        }

        var fd = Libc.Open(path, Libc.OWrOnly | Libc.OCreat | Libc.OAppend | Libc.OCloExec, 0x180);
        if (fd < 0)
        {
            throw new IOException($"{path}: {Libc.Message(Libc.Errno)}");
        }

        var state = new RunState();
        if (bytes.Length < HeaderBytes)
        {
            var id = Guid.NewGuid();
            _ = Libc.FTruncate(fd, 0);
            Write(fd, [.. Magic, .. id.ToByteArray()]);
            return new RunFile(directory, fd, id, HeaderBytes, state);
        }

        var good = Load(bytes, state);
        if (good < bytes.Length)
        {
            _ = Libc.FTruncate(fd, good);
        }

        return new RunFile(directory, fd, new Guid(bytes.AsSpan(8, 16)), good, state);
    }

    internal void AppendBoot(Guid bootId)
    {
        State.BootId = bootId;
        Begin(RecordType.Boot);
        _writer.Bytes(bootId.ToByteArray());
        Append();
    }

    internal void Append(IntentRecord intent)
    {
        State.Apply(intent);
        Put(intent);
        Append();
    }

    internal void Append(StartedRecord started)
    {
        State.Apply(started);
        Put(started);
        Append();
    }

    internal void Append(EndedRecord ended)
    {
        State.Apply(ended);
        Put(ended);
        Append();
    }

    internal void AppendRecorded(IReadOnlyList<LaunchKey> keys)
    {
        foreach (var part in keys.Chunk(KeysAtOnce))
        {
            foreach (var key in part)
            {
                State.ApplyRecorded(key);
            }

            PutRecorded(part);
            Append();
        }
    }

    internal bool WantsCompaction =>
        LengthBytes > _compactAboveBytes && (State.Ended.Count + State.Running.Count) * 400L < LengthBytes;

    /// <summary>
    /// Writes what still counts to a new file, syncs it and puts it in this one's place. Where that fails (a full disk) the old one
    /// stays and grows to twice its length before the next attempt.
    /// </summary>
    internal void Compact()
    {
        var path = Path.Combine(_directory, FileName);
        var fresh = path + ".new";
        var image = Image();
        _ = Libc.Unlink(fresh);
        var fd = Libc.Open(fresh, Libc.OWrOnly | Libc.OCreat | Libc.OAppend | Libc.OCloExec, 0x180);
        if (fd < 0 || !TryWrite(fd, image.Written, out _) || Libc.FDataSync(fd) < 0 || Libc.Rename(fresh, path) < 0)
        {
            LauncherLog.Write($"{fresh}: {Libc.Message(Libc.Errno)}; {FileName} goes on growing");
            _ = fd < 0 ? 0 : Libc.Close(fd);
            _ = Libc.Unlink(fresh);
            _compactAboveBytes = LengthBytes * 2;
            return;
        }

        lock (_descriptor)
        {
            _ = Libc.Close(_fd);
            _fd = fd;
            _dirty = false;
        }

        LengthBytes = image.Length;
        _compactAboveBytes = Math.Max(CompactAboveBytes, LengthBytes * 2);
        SyncDirectory();
    }

    private FrameWriter Image()
    {
        var image = new FrameWriter(64 << 10);
        image.Bytes(Magic);
        image.Bytes(Id.ToByteArray());
        Begin(RecordType.Boot);
        _writer.Bytes(State.BootId.ToByteArray());
        image.Bytes(Seal());
        foreach (var (jobId, epoch) in State.Epochs)
        {
            Begin(RecordType.Epoch);
            _writer.Int64(jobId);
            _writer.Int32(epoch);
            image.Bytes(Seal());
        }

        foreach (var part in State.Recorded.Chunk(KeysAtOnce))
        {
            PutRecorded(part);
            image.Bytes(Seal());
        }

        foreach (var intent in State.Intents.Values)
        {
            Put(intent);
            image.Bytes(Seal());
        }

        foreach (var started in State.Running.Values)
        {
            Put(started);
            image.Bytes(Seal());
        }

        foreach (var ended in State.Ended.Values)
        {
            Put(ended);
            image.Bytes(Seal());
        }

        return image;
    }

    /// <summary>fdatasync, if anything was written since. May be called from another thread than the appends.</summary>
    internal void Sync()
    {
        lock (_descriptor)
        {
            if (_dirty && _fd >= 0)
            {
                _dirty = false;
                _ = Libc.FDataSync(_fd);
            }
        }
    }

    public void Dispose()
    {
        lock (_descriptor)
        {
            if (_fd >= 0)
            {
                _ = Libc.Close(_fd);
                _fd = -1;
            }
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    private Span<byte> Seal()
    {
        var record = _writer.Written;
        BinaryPrimitives.WriteInt32LittleEndian(record, record.Length - 8);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc(record[8..]));
        return record;
    }

    private void Append()
    {
        var record = Seal();
        while (!TryWrite(_fd, record, out var errno))
        {
            // A full disk. Half a record would hide all that follow it, so it is taken back; then there is nothing to do but wait: a
            // process whose end cannot be written must stay a zombie, or its end is forgotten.
            _ = Libc.FTruncate(_fd, LengthBytes);
            LauncherLog.Write($"{FileName}: {Libc.Message(errno)}; trying again");
            Thread.Sleep(200);
        }

        LengthBytes += record.Length;
        _dirty = true;
    }

    private static void Write(int fd, ReadOnlySpan<byte> bytes)
    {
        if (!TryWrite(fd, bytes, out var errno))
        {
            throw new IOException($"{FileName}: {Libc.Message(errno)}");
        }
    }

    private static bool TryWrite(int fd, ReadOnlySpan<byte> bytes, out int errno)
    {
        fixed (byte* p = bytes)
        {
            var written = 0;
            while (written < bytes.Length)
            {
                var n = Libc.Write(fd, p + written, bytes.Length - written);
                if (n < 0 && Libc.Errno != Libc.EINTR)
                {
                    errno = Libc.Errno;
                    return false;
                }

                written += (int)Math.Max(n, 0);
            }
        }

        errno = 0;
        return true;
    }

    private void SyncDirectory()
    {
        var fd = Libc.Open(_directory, Libc.ORdOnly | Libc.OCloExec, 0);
        if (fd >= 0)
        {
            _ = Libc.FSync(fd);
            _ = Libc.Close(fd);
        }
    }
}

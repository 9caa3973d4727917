using System.Buffers.Binary;
using Qube.Contracts.Launching;

namespace Qube.Node.Launcher;

/// <content>The records' bytes. Types and fields are for ever: a launcher reads what an older one wrote.</content>
internal sealed unsafe partial class RunFile
{
    private enum RecordType : byte
    {
        Boot = 1,
        Intent = 2,
        Started = 3,
        Ended = 4,
        Recorded = 5,
        Epoch = 6,
    }

    private static int Load(byte[] bytes, RunState state)
    {
        var at = HeaderBytes;
        while (bytes.Length - at >= 8)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
            if (length is <= 0 or > MaxRecordBytes || bytes.Length - at - 8 < length)
            {
                break;
            }

            var body = bytes.AsSpan(at + 8, length);
            if (Crc(body) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4)))
            {
                break;
            }

            Apply(body, state);
            at += 8 + length;
        }

        return at;
    }

    private static void Apply(ReadOnlySpan<byte> body, RunState state)
    {
        var reader = new FrameReader(body);
        switch ((RecordType)reader.Byte())
        {
            case RecordType.Boot:
                state.BootId = new Guid(reader.Bytes(16));
                break;
            case RecordType.Intent:
                state.Apply(new IntentRecord(reader.Key(), reader.Int32(), reader.Int64(), reader.Int64()));
                break;
            case RecordType.Started:
                state.Apply(new StartedRecord(reader.Key(), reader.Int32(), reader.Int32(), reader.Int64(), reader.Int64()));
                break;
            case RecordType.Ended:
                state.Apply(new EndedRecord(
                    reader.Key(), reader.Int32(), (LaunchOutcome)reader.Byte(), reader.Int32(), reader.Int64(), reader.Int64(),
                    new LaunchUsage(reader.Int64(), reader.Int64(), reader.Int64()),
                    reader.Remaining > 0 ? reader.Text() : ""));
                break;
            case RecordType.Recorded:
                for (var count = reader.Int32(); count > 0; count--)
                {
                    state.ApplyRecorded(reader.Key());
                }

                break;
            case RecordType.Epoch:
                state.Saw(reader.Int64(), reader.Int32());
                break;
            default:
                throw new IOException($"the run file holds a record of type {body[0]}, which a later release wrote");
        }
    }

    private void Begin(RecordType type)
    {
        _writer.Clear();
        _writer.Int64(0);
        _writer.Byte((byte)type);
    }

    private void Put(IntentRecord intent)
    {
        Begin(RecordType.Intent);
        _writer.Key(intent.Key);
        _writer.Int32(intent.Epoch);
        _writer.Int64(intent.UnixMs);
        _writer.Int64(intent.BootTicks);
    }

    private void Put(StartedRecord started)
    {
        Begin(RecordType.Started);
        _writer.Key(started.Key);
        _writer.Int32(started.Epoch);
        _writer.Int32(started.Pid);
        _writer.Int64(started.StartTicks);
        _writer.Int64(started.UnixMs);
    }

    private void Put(EndedRecord ended)
    {
        Begin(RecordType.Ended);
        _writer.Key(ended.Key);
        _writer.Int32(ended.Epoch);
        _writer.Byte((byte)ended.Outcome);
        _writer.Int32(ended.Code);
        _writer.Int64(ended.StartedUnixMs);
        _writer.Int64(ended.EndedUnixMs);
        _writer.Int64(ended.Usage.UserMs);
        _writer.Int64(ended.Usage.SystemMs);
        _writer.Int64(ended.Usage.MaxRssKiB);
        if (ended.Result.Length > 0)
        {
            _writer.Text(ended.Result);
        }
    }

    private void PutRecorded(LaunchKey[] keys)
    {
        Begin(RecordType.Recorded);
        _writer.Int32(keys.Length);
        foreach (var key in keys)
        {
            _writer.Key(key);
        }
    }
}

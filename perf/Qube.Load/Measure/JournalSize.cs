using Microsoft.Data.Sqlite;

namespace Qube.Load.Measure;

/// <summary>What stands in a journal: rows and the bytes of their events, by kind of entity.</summary>
/// <param name="JobRows">Of jobs.</param>
/// <param name="JobBytes">Their events.</param>
/// <param name="FrameRows">Of frames with something of their own to say.</param>
/// <param name="CallbackRows">Of callbacks.</param>
/// <param name="Bytes">All events of the file.</param>
internal readonly record struct JournalSize(long JobRows, long JobBytes, long FrameRows, long CallbackRows, long Bytes)
{
    public static JournalSize Read(string journal)
    {
        using var file = new SqliteConnection($"Data Source={journal};Mode=ReadOnly;Pooling=False");
        file.Open();
        var (jobRows, jobBytes) = Sum(file, "persistence_id GLOB 'job-*'");
        var (frameRows, _) = Sum(file, "persistence_id GLOB 'frame-*'");
        var (callbackRows, _) = Sum(file, "persistence_id GLOB 'callbacks-*'");
        var (_, bytes) = Sum(file, "1");
        return new(jobRows, jobBytes, frameRows, callbackRows, bytes);
    }

    public static JournalSize operator -(JournalSize left, JournalSize right) => new(
        left.JobRows - right.JobRows,
        left.JobBytes - right.JobBytes,
        left.FrameRows - right.FrameRows,
        left.CallbackRows - right.CallbackRows,
        left.Bytes - right.Bytes);

    private static (long Rows, long Bytes) Sum(SqliteConnection file, string where)
    {
        using var command = file.CreateCommand();
        command.CommandText = $"SELECT COUNT(*), COALESCE(SUM(LENGTH(message)), 0) FROM journal WHERE {where}";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}

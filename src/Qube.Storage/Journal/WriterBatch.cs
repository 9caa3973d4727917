using Akka.Persistence;

namespace Qube.Storage.Journal;

/// <summary>What one persistent actor asked to write in one request; it is stored or fails as a whole.</summary>
internal sealed class WriterBatch(WriteMessages request, int firstRow)
{
    public WriteMessages Request { get; } = request;

    /// <summary>Where this batch's rows begin in the group's list of rows.</summary>
    public int FirstRow { get; } = firstRow;

    public int RowCount { get; set; }

    public int AtomicWriteCount { get; set; }

    /// <summary>By index of atomic write: why it could not be serialized. Null when every one could.</summary>
    public Dictionary<int, Exception>? Rejections { get; set; }

    /// <summary>Why nothing of this batch was stored; null when it was.</summary>
    public Exception? Failure { get; set; }
}

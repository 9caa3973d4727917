namespace Qube.Storage.Journal;

/// <summary>
/// One event as it lies in the table <c>journal</c>, whose columns are those of Akka.Persistence.Sql's default mapping
/// (<c>tag-write-mode = Csv</c>), so that its query side and tools read what we write: the time in UTC ticks, the tags between
/// semicolons (<c>;red;blue;</c>) or empty.
/// </summary>
internal readonly record struct JournalRow(
    string PersistenceId,
    long SequenceNr,
    long CreatedTicks,
    string Tags,
    byte[] Payload,
    int SerializerId,
    string Manifest,
    string WriterUuid);

namespace Qube.Storage.ReadModel;

/// <summary>One line of a job's history. (JobId, Seq, Ordinal) is the event it came from: sequence number and place in its batch.</summary>
/// <param name="SubId">The instance it is about, -1 for none.</param>
/// <param name="WorkId">The agenda item it is about, empty for none.</param>
/// <param name="Stamp">Unix seconds.</param>
public sealed record HistoryRow(long JobId, long Seq, int Ordinal, long SubId, string WorkId, long Stamp, string User, string Comment);

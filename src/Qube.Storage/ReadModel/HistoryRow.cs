namespace Qube.Storage.ReadModel;

/// <summary>
/// One line of a job's history. (JobId, Seq, Ordinal) is the event it came from: sequence number and place in its batch. SubId is the
/// instance it is about, -1 for none; WorkId the agenda item, empty for none; Stamp is in unix seconds.
/// </summary>
public sealed record HistoryRow(long JobId, long Seq, int Ordinal, long SubId, string WorkId, long Stamp, string User, string Comment);

using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>What of it goes into a snapshot, and comes out of one.</content>
public sealed partial class JobInstance
{
    internal JobSnapshot.Instance ToSnapshot() => new()
    {
        Status = Status,
        Held = Held,
        Host = Host,
        LastHost = LastHost,
        Run = Run,
        Count = Count,
        Allocations = Allocations,
        Slots = Slots,
        InHand = [.. InHand],
        Ending = Ending,
        StartedMs = StartedMs,
        EndedMs = EndedMs,
        ExitCode = ExitCode,
        Depth = Depth,
        EndingVerb = EndingVerb,
        EndingDepth = EndingDepth,
        TimedOut = TimedOut,
        PausedMs = PausedMs,
        ItemPausedMs = ItemPausedMs,
        SuspendedAtMs = SuspendedAtMs,
        Phase = Phase,
        HostChecks = HostChecks,
        CheckTries = CheckTries,
    };

    internal static JobInstance Restore(int id, JobSnapshot.Instance snapshot)
    {
        var instance = new JobInstance(id)
        {
            Status = snapshot.Status,
            Held = snapshot.Held,
            Host = snapshot.Host,
            LastHost = snapshot.LastHost,
            Run = snapshot.Run,
            Count = snapshot.Count,
            Allocations = snapshot.Allocations,
            Slots = snapshot.Slots,
            Ending = snapshot.Ending,
            StartedMs = snapshot.StartedMs,
            EndedMs = snapshot.EndedMs,
            ExitCode = snapshot.ExitCode,
            Depth = snapshot.Depth,
            EndingVerb = snapshot.EndingVerb,
            EndingDepth = snapshot.EndingDepth,
            TimedOut = snapshot.TimedOut,
            PausedMs = snapshot.PausedMs,
            ItemPausedMs = snapshot.ItemPausedMs,
            SuspendedAtMs = snapshot.SuspendedAtMs,
            Phase = snapshot.Phase,
            HostChecks = snapshot.HostChecks,
            CheckTries = snapshot.CheckTries,
        };
        instance.InHand.AddRange(snapshot.InHand);
        return instance;
    }
}

using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>What an explanation needs to know of the job, or the item, that it explains.</summary>
public static class JobSubject
{
    public static ExplainMessages.Subject Of(JobState state, string item)
    {
        ArgumentNullException.ThrowIfNull(state);
        var seq = -1;
        var hasItem = item.Length > 0 && state.Agenda is not null && state.Agenda.TryGetSeq(item, out seq);
        var record = hasItem ? state.Items.RecordOf(seq) : default;
        return new()
        {
            JobId = state.Spec.JobId,
            Exists = !state.Removed,
            Name = state.Spec.Name,
            Label = state.Spec.Label,
            Pgrp = state.Spec.Pgrp,
            Pid = state.Spec.Pid,
            Status = state.Status,
            ItemStatus = hasItem ? state.Items.StatusOf(seq) : Status.Unknown,
            ItemHost = hasItem ? record.Host ?? "" : "",
            ItemAttempts = record.Try,
            Items = state.Items.Count,
            ItemCounts = Counts(state.Items.CountOf),
            InstanceCounts = Counts(state.InstancesIn),
            CallbackCount = state.Spec.Callbacks.Length,
        };
    }

    private static int[] Counts(Func<Status, int> count) =>
        [.. Enum.GetValues<Status>().Where(status => count(status) > 0).SelectMany(status => (int[])[(int)status, count(status)])];
}

using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>What others who name a job need to know of it (design §5, already true at submission).</summary>
public static class JobSource
{
    public static JobMessages.Source Of(JobState state, long lastSequenceNr) => new()
    {
        JobId = state.Spec.JobId,
        Exists = true,
        Removed = state.Removed,
        Pgrp = state.Spec.Pgrp,
        Label = state.Spec.Label,
        LastSequenceNr = lastSequenceNr,
        Agenda = state.Spec.Agenda,
        Status = state.Status,
        Instances = state.Instances.Length,
        InstanceStatuses = state.Instances.Where(instance => instance.Status.IsTerminal()).SelectMany(instance => (int[])[instance.Id, (int)instance.Status]).ToArray(),
        CompleteItems = state.Items.WithStatus(status => status == Status.Complete).ToPairs(),
        FailedItems = state.Items.WithStatus(status => status == Status.Failed).ToPairs(),
        KilledItems = state.Items.WithStatus(status => status == Status.Killed).ToPairs(),
        HostInstances = [.. state.Instances.Where(instance => instance.Host is not null).Select(instance => instance.Id)],
        InstanceHosts = [.. state.Instances.Where(instance => instance.Host is not null).Select(instance => instance.Host!)],
    };
}

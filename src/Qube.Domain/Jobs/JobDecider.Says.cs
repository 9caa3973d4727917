using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>What the job says of itself: to the dispatcher its demand, to workers its instances.</content>
public sealed partial class JobDecider
{
    private long version;
    private int wantedSaid = -1;

    /// <summary>Everything held and wanted, as the dispatcher is to know it.</summary>
    public DispatchMessages.Demand Demand()
    {
        DemandChanged = false;
        wantedSaid = Wanted();
        var spec = State.Spec;
        return new DispatchMessages.Demand
        {
            JobId = Id,
            Version = ++version,
            Epoch = State.Epoch,
            GrantSeen = grantSeen,
            Wanted = wantedSaid,
            Holds = State.Instances.Where(instance => instance.Host is not null).Select(instance => new DispatchMessages.Held
            {
                Instance = instance.Id,
                Host = instance.Host!,
                Allocations = instance.Allocations,
                Parked = IsParked(instance),
                Incarnation = incarnations.GetValueOrDefault(instance.Host!, ""),
            }).ToArray(),
            Priority = spec.Priority,
            LocalOrder = State.LocalOrder,
            Pgrp = spec.Pgrp,
            User = spec.User,
            Cluster = spec.Cluster,
            Requirements = spec.Requirements,
            Reservations = spec.Reservations,
            Restrictions = spec.Restrictions,
            Hosts = spec.Hosts,
            OmitHosts = spec.OmitHosts,
            Groups = spec.Groups,
            OmitGroups = spec.OmitGroups,
            HostOrder = spec.HostOrder,
            Prototype = spec.Prototype,
            Kind = spec.Kind,
            Name = spec.Name,
            Label = spec.Label,
            Flags = spec.Flags,
            ExcludedHosts = State.AvoidedHosts.Count == 0 ? "" : string.Join(',', State.AvoidedHosts.Keys),
        };
    }

    private int Wanted()
    {
        if (State.Removed)
        {
            return 0;
        }

        var pending = State.Instances.Count(CanStart);
        return HasAgenda && !IsGathering ? (int)Math.Min(pending, State.Items.Runnable.Count) : pending;
    }

    private WorkerMessages.RunItem RunItem(JobInstance instance, int seq)
    {
        if (seq < 0)
        {
            return new WorkerMessages.RunItem
            {
                Seq = -1,
                Attempt = instance.OwnTry,
                Check = instance.IsChecking ? instance.Phase : FlightPhase.None,
                Becomes = instance.Ending ?? Status.Complete,
                LastExitCode = instance.ExitCode,
            };
        }

        var isFrames = State.Agenda!.TryFrames(seq, out var first, out var last, out var step);
        return new WorkerMessages.RunItem
        {
            Seq = seq,
            Attempt = State.Items.RecordOf(seq).Try,
            Name = State.Agenda.NameOf(seq),
            First = first,
            Last = last,
            Step = step,
            IsFrames = isFrames,
            Submitted = State.Spec.Command.Prototype.Length > 0 ? ItemOverrides.JsonOf(State.Spec.ItemOverrides, seq) ?? "" : "",
        };
    }

    private WorkerMessages.SyncInstances Sync(List<JobInstance> instances, bool whole) => new()
    {
        JobId = Id,
        Epoch = State.Epoch,
        Pgrp = State.Spec.Pgrp,
        User = State.Spec.User,
        Flags = State.Spec.Flags,
        Command = State.Spec.Command,
        Whole = whole,
        Instances = instances.Select(instance => new WorkerMessages.InstanceState
        {
            Instance = instance.Id,
            Run = instance.Run,
            Slots = instance.Slots,
            Allocations = instance.Allocations,
            Items = instance.InHand.Select(seq => RunItem(instance, seq)).ToArray(),
            Suspended = instance.Status == Status.Suspended,
        }).ToArray(),
    };
}

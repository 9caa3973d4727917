using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Jobs;

/// <content>What of it goes into a snapshot, and comes out of one. A field that is added to the state, to an instance or to an item's record belongs
/// here too; a test goes through all of them.</content>
public sealed partial class JobState
{
    private JobState(JobSnapshot snapshot)
    {
        Spec = snapshot.Spec;
        Agenda = snapshot.Spec.Agenda is null ? null : Agenda.FromSpec(snapshot.Spec.Agenda).Required();
        Items = ItemTable.Restore(Agenda?.Count ?? 0, snapshot.Items);
        if (snapshot.Instances.Length == 0)
        {
            throw new InvalidDataException("a job without instances");
        }

        Instances = [.. snapshot.Instances.Select((instance, id) => JobInstance.Restore(id, instance))];
        Status = snapshot.Status;
        Epoch = snapshot.Epoch;
        Removed = snapshot.Removed;
        Erased = snapshot.Erased;
        LocalOrder = snapshot.LocalOrder;
        StartedMs = snapshot.StartedMs;
        EndedMs = snapshot.EndedMs;
        LastUpdateMs = snapshot.LastUpdateMs;
        RunningSinceMs = snapshot.RunningSinceMs;
        TimedOut = snapshot.TimedOut;
        AutoMigrations = snapshot.AutoMigrations;
        foreach (var host in snapshot.Avoided)
        {
            avoided[host.Host] = host.UntilMs;
        }

        foreach (var host in snapshot.HostTallies)
        {
            hostRecords[host.Host] = new HostRecord(host.Failed, host.Completed);
        }

        Modifications.AddRange(snapshot.Modifications);
        applied.UnionWith(snapshot.Applied);
        applied.UnionWith(snapshot.ClientCommands);
        applied.ExceptWith(snapshot.Forgotten);
        foreach (var command in snapshot.ClientCommands)
        {
            clientCommands.Enqueue(command);
        }
    }

    /// <summary>The state as it is now, to be made a snapshot of by any thread while this one goes on: takes what is proportional to the instances, and
    /// a byte an item.</summary>
    /// <returns>What makes the snapshot; call it once.</returns>
    public Func<JobSnapshot> Freeze()
    {
        var items = Items.Freeze();
        var client = clientCommands.ToHashSet();
        var snapshot = new JobSnapshot
        {
            Format = JobSnapshot.CurrentFormat,
            Spec = Spec,
            Status = Status,
            Epoch = Epoch,
            Removed = Removed,
            Erased = Erased,
            LocalOrder = LocalOrder,
            StartedMs = StartedMs,
            EndedMs = EndedMs,
            LastUpdateMs = LastUpdateMs,
            RunningSinceMs = RunningSinceMs,
            TimedOut = TimedOut,
            AutoMigrations = AutoMigrations,
            Avoided = [.. avoided.Select(host => new JobSnapshot.AvoidedHost { Host = host.Key, UntilMs = host.Value })],
            HostTallies = [.. hostRecords.Select(host => new JobSnapshot.HostTally { Host = host.Key, Failed = host.Value.Failed, Completed = host.Value.Completed })],
            Modifications = [.. Modifications],
            Applied = [.. applied.Where(command => !client.Contains(command))],
            ClientCommands = [.. clientCommands],
            Forgotten = [.. client.Where(command => !applied.Contains(command))],
            Instances = [.. Instances.Select(instance => instance.ToSnapshot())],
        };
        return () => snapshot with { Items = items.ToColumns() };
    }

    /// <exception cref="InvalidDataException">It is of another format, or contradicts itself; the message says how.</exception>
    public static JobState Restore(JobSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshot.Format != JobSnapshot.CurrentFormat)
        {
            throw new InvalidDataException($"a snapshot of format {snapshot.Format}, this version reads {JobSnapshot.CurrentFormat}");
        }

        try
        {
            return new JobState(snapshot);
        }
        catch (Exception failure) when (failure is ArgumentException or IndexOutOfRangeException or InvalidOperationException or NullReferenceException)
        {
            throw new InvalidDataException($"the snapshot contradicts itself: {failure.Message}", failure);
        }
    }
}

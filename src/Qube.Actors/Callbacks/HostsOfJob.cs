using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <summary>On which hosts a job has instances: what a host event's context means (spec/callbacks.md Q21). Known up to one entry of the job's log, not
/// in step with the hosts' own: there is no order across sources.</summary>
internal sealed class HostsOfJob
{
    private readonly Dictionary<int, string> _byInstance = [];

    /// <summary>Hosts that went down with instances on them: their return concerns the job, though the instances run elsewhere by then.</summary>
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);

    /// <summary>The last entry that is counted in.</summary>
    public long SequenceNr { get; private set; }

    public IEnumerable<string> Names => _byInstance.Values.Concat(_lost).Distinct(StringComparer.Ordinal);

    /// <summary>What the job itself says of an entry of its log.</summary>
    public void Set(JobMessages.Source seen)
    {
        if (seen.LastSequenceNr < SequenceNr)
        {
            return;
        }

        SequenceNr = seen.LastSequenceNr;
        _byInstance.Clear();
        foreach (var (instance, host) in seen.HostInstances.Zip(seen.InstanceHosts))
        {
            _byInstance[instance] = host;
        }
    }

    /// <summary>The next entry of the job's log.</summary>
    /// <returns>True when an instance came to a host.</returns>
    public bool Apply(long sequenceNr, JobEvents.Batch batch)
    {
        if (sequenceNr <= SequenceNr)
        {
            return false;
        }

        SequenceNr = sequenceNr;
        var came = false;
        foreach (var t in batch.Transitions)
        {
            if (t is { Kind: TransitionKind.InstanceStatus, Status: Status.Registering, Host: { } host })
            {
                _byInstance[t.Instance] = host;
                came = true;
            }
            else if (t.Kind == TransitionKind.InstanceLeft)
            {
                _byInstance.Remove(t.Instance);
            }
        }

        return came;
    }

    /// <summary>Whether an event of this host concerns the job.</summary>
    public bool Concerns(string host, string name)
    {
        var here = _byInstance.ContainsValue(host);
        switch (name)
        {
            case "down" when here:
                _lost.Add(host);
                return true;
            case "back":
                return _lost.Remove(host) || here;
            default:
                return here || _lost.Contains(host);
        }
    }
}

using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Domain.Placement;

namespace Qube.Actors.Hosts;

/// <summary>What a host's log says of it.</summary>
public sealed record HostState
{
    private const int RequestsKept = 100;

    public string Locks { get; init; } = "";

    /// <summary><c>active</c>, <c>down</c>, or empty before the host was first seen.</summary>
    public string State { get; init; } = "";

    public string BootId { get; init; } = "";

    /// <summary>Set beside what the host says of itself; likewise <see cref="Properties"/>.</summary>
    public string Resources { get; init; } = "";

    public string Properties { get; init; } = "";

    /// <summary>The latest requests that changed the locks or the settings.</summary>
    public ImmutableQueue<string> Requests { get; init; } = [];

    public HostState Apply(HostEvents.LocksChanged changed) =>
        this with { Locks = changed.Locks, Requests = Remember(changed.RequestId) };

    public HostState Apply(HostEvents.VarsChanged changed) => this with
    {
        Resources = changed.Resources,
        Properties = changed.Properties,
        Requests = Remember(changed.RequestId),
    };

    public HostState Apply(HostEvents.StateChanged changed) => this with { State = changed.State, BootId = changed.BootId };

    /// <returns>Null when it is so already; <paramref name="error"/> when the text is no lock string.</returns>
    public HostEvents.LocksChanged? Decide(HostMessages.LockHost command, long nowMs, out string error)
    {
        error = "";
        return command.Locks == Locks || IsRepeated(command.RequestId) || HostLockString.Parse(command.Locks, out error) is null
            ? null
            : new HostEvents.LocksChanged { AtMs = nowMs, Locks = command.Locks, User = command.User, Was = Locks, RequestId = command.RequestId };
    }

    /// <returns>Null when it is so already; <paramref name="error"/> when a setting cannot be read.</returns>
    public HostEvents.VarsChanged? Decide(HostMessages.SetHostVars command, long nowMs, out string error)
    {
        error = HostSettings.ResourceProblem(command.Resources) ?? HostSettings.PropertyProblem(command.Properties) ?? "";
        if (error.Length > 0 || IsRepeated(command.RequestId))
        {
            return null;
        }

        var (resources, properties) = (HostSettings.Merge(Resources, command.Resources), HostSettings.Merge(Properties, command.Properties));
        return resources == Resources && properties == Properties
            ? null
            : new HostEvents.VarsChanged { AtMs = nowMs, Resources = resources, Properties = properties, User = command.User, RequestId = command.RequestId };
    }

    /// <returns>Null when the log says so already.</returns>
    public HostEvents.StateChanged? Decide(HostMessages.HostStateSeen seen) => seen.State == State && seen.BootId == BootId
        ? null
        : new HostEvents.StateChanged { AtMs = seen.AtMs, State = seen.State, BootId = seen.BootId, Was = State };

    /// <summary>An empty id is nobody's and always new.</summary>
    private bool IsRepeated(string request) => request.Length > 0 && Requests.Contains(request);

    private ImmutableQueue<string> Remember(string request)
    {
        if (request.Length == 0)
        {
            return Requests;
        }

        var requests = Requests.Enqueue(request);
        return requests.Count() > RequestsKept ? requests.Dequeue() : requests;
    }
}

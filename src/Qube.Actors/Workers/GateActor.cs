using Akka.Actor;
using Akka.Event;
using Qube.Actors.Paging;
using Qube.Contracts;

namespace Qube.Actors.Workers;

/// <summary>
/// The farm's door for worker nodes, <c>/user/gate</c> on every supervisor (design.md §2). It holds nothing that has to survive: worker
/// nodes attach again every few seconds, to every supervisor, so that each gate reaches each host.
/// </summary>
public sealed class GateActor : UntypedActor
{
    /// <summary>The actor's name under <c>/user</c>: worker nodes look for it there.</summary>
    public const string ActorName = "gate";

    private readonly IActorRef _jobs;
    private readonly IActorRef _dispatcher;
    private readonly GateOptions _options;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<string, (IActorRef Worker, string Incarnation)> _workers = new(StringComparer.Ordinal);

    private readonly Func<string[]> _supervisors;

    public GateActor(IActorRef jobs, IActorRef dispatcher, GateOptions options, Func<string[]> supervisors)
    {
        ArgumentNullException.ThrowIfNull(options);
        _jobs = jobs;
        _dispatcher = dispatcher;
        _options = options.Validate();
        _supervisors = supervisors;
    }

    /// <param name="jobs">The job shard region.</param>
    /// <param name="dispatcher">The dispatcher's proxy.</param>
    /// <param name="options">What attached workers are told.</param>
    /// <param name="supervisors">Addresses of all supervisors there are; null where this is the only one.</param>
    public static Props Props(IActorRef jobs, IActorRef dispatcher, GateOptions options, Func<string[]>? supervisors = null) =>
        Akka.Actor.Props.Create(() => new GateActor(jobs, dispatcher, options, supervisors ?? (() => Array.Empty<string>())));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ToWorker toWorker:
                if (_workers.TryGetValue(toWorker.Host, out var known))
                {
                    if (toWorker.Message is WorkerMessages.SyncInstances sync)
                    {
                        // It brings the job's command and environment, which may be long.
                        Pages.Reply(Context, known.Worker, WithToken(sync));
                    }
                    else
                    {
                        known.Worker.Tell(toWorker.Message, Self);
                    }
                }

                break;

            case WorkerMessages.Report or WorkerMessages.EpochRefused:
                _jobs.Tell(message, Self);
                break;

            case JobMessages.Page page:
                Pages.Whole(page, Self).PipeTo(Self, Sender);
                break;

            case Akka.Actor.Status.Failure failure:
                _log.Warning("what a host began to say was not heard to its end, and will be said again: {0}", failure.Cause.Message);
                break;

            case WorkerMessages.Attach attach:
                OnAttach(attach);
                break;

            default:
                Unhandled(message);
                break;
        }
    }

    private WorkerMessages.SyncInstances WithToken(WorkerMessages.SyncInstances sync) =>
        _options.JobToken is { } token ? sync with { Token = new Secret { Value = token(sync.User, sync.JobId.Value) } } : sync;

    private void OnAttach(WorkerMessages.Attach attach)
    {
        if (!_workers.TryGetValue(attach.Host, out var known))
        {
            _log.Info("host {0} attached as {1}, incarnation {2}", attach.Host, Sender, attach.Incarnation);
        }
        else if (known.Incarnation != attach.Incarnation)
        {
            // Also when two machines claim one name: then this line comes every few seconds and names both.
            _log.Warning("host {0} attached as {1}, incarnation {2}, in place of {3}", attach.Host, Sender, attach.Incarnation, known.Worker);
        }

        _workers[attach.Host] = (Sender, attach.Incarnation);
        Sender.Tell(
            new WorkerMessages.Attached
            {
                Host = attach.Host,
                LeaseSeconds = _options.LeaseSeconds,
                LogPath = _options.LogPath,
                SupervisorUrl = _options.SupervisorUrl,
                Beat = attach.Beat,
                Supervisors = _supervisors(),
            },
            Self);
        _dispatcher.Tell(attach, Self);
    }
}

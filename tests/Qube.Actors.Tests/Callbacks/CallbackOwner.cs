using System.Collections.Concurrent;
using Akka.Actor;
using Qube.Actors.Callbacks;
using Qube.Contracts;

namespace Qube.Actors.Tests.Callbacks;

/// <summary>In the place of a job, or of the farm: the parent of its callbacks, that applies each verb once and tells the test.</summary>
internal sealed class CallbackOwner : UntypedActor
{
    private readonly IActorRef _test;
    private readonly IActorRef _callbacks;
    private readonly ConcurrentDictionary<string, bool> _applied;

    /// <param name="applied">What was applied, in this life and those before: as a job's log has it.</param>
    public CallbackOwner(JobSpec spec, FarmRefs farm, FarmSettings settings, IActorRef test, ConcurrentDictionary<string, bool> applied)
    {
        _applied = applied;
        _test = test;
        _callbacks = Context.ActorOf(CallbackActor.Props(spec, farm, settings), "callbacks");
    }

    protected override void OnReceive(object message)
    {
        if (Sender.Equals(_callbacks))
        {
            var command = message as JobMessages.ControlJob;
            if (command is null || _applied.TryAdd(command.RequestId, true))
            {
                _test.Tell(message);
            }

            if (command is not null)
            {
                _callbacks.Tell(new JobMessages.ControlDone { JobId = command.JobId, RequestId = command.RequestId, Affected = ["it"] });
            }
        }
        else
        {
            _callbacks.Forward(message);
        }
    }
}

using Akka.Actor;
using Qube.Actors.Callbacks;
using Qube.Contracts;

namespace Qube.Actors.Jobs;

/// <content>The job's callbacks as its child, what is asked of them, and the answers of a job that has none.</content>
public sealed partial class JobActor
{
    /// <summary>A journal that refused their write is asked again so soon, by each job that has callbacks.</summary>
    private static readonly TimeSpan ReviveAfter = TimeSpan.FromSeconds(1);

    private ITimer? revival;

    private void StartCallbacks()
    {
        callbacks = Context.ActorOf(CallbackActor.Props(state!.Spec, farm, settings), "callbacks");
        Context.Watch(callbacks);
    }

    /// <summary>A refused write, or a log that could not be read, stops them, and nobody but this job would miss them: it need not stop itself, when nothing
    /// of its own was to be written meanwhile.</summary>
    private void OnCallbacksGone(IActorRef gone)
    {
        if (gone.Equals(callbacks))
        {
            revival?.Dispose();
            revival = settings.Once(() => self.Tell(ReviveCallbacks.Instance), ReviveAfter);
        }
    }

    /// <summary>What they were asked is asked again, and what they have missed they are told of as of any loss: they read it in the log.</summary>
    private void OnReviveCallbacks()
    {
        if (callbacks is null || stopping)
        {
            return;
        }

        StartCallbacks();
        (restAskedAt, askedForIdle) = (0, false);
        callbacks.Tell(new BusMessages.Heads { Positions = [id.Value, LastSequenceNr] });
        Settle();
    }

    private void AskCallbacks(object question)
    {
        if (callbacks is not null)
        {
            callbacks.Forward(question);
            return;
        }

        Sender.Tell(question switch
        {
            LedgerMessages.GetFirings => new LedgerMessages.Firings { JobId = id, Exists = state is not null },
            LedgerMessages.Refire refire => new LedgerMessages.FiringRefired { JobId = id, Firing = refire.Firing, Error = $"there is no firing {refire.Firing}" },
            _ => (object)new ExplainMessages.Triggers { JobId = id },
        });
    }

    private sealed class ReviveCallbacks : INoSerializationVerificationNeeded
    {
        public static readonly ReviveCallbacks Instance = new();
    }
}

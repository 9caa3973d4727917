using Akka.Actor;
using Qube.Contracts;

namespace Qube.Actors.Jobs;

/// <content>What is asked of a job's callbacks, and the answers of a job that has none.</content>
public sealed partial class JobActor
{
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
}

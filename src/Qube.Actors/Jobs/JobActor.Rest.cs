using Akka.Actor;
using Qube.Actors.Callbacks;
using Qube.Contracts;
using Qube.Domain.Jobs;

namespace Qube.Actors.Jobs;

/// <content>A finished job whose callbacks may sleep leaves memory as one without callbacks does; how it comes back into the live index; and what it says to
/// the dispatcher meanwhile.</content>
public sealed partial class JobActor
{
    private long restAskedAt;
    private long restsAt;
    private bool onRoll;

    /// <summary>No callbacks, or none of them waits for anything but this job's own next event.</summary>
    private bool CallbacksRest => callbacks is null || restsAt == LastSequenceNr;

    /// <summary>Ended; a removed one when its own callbacks have seen to their part.</summary>
    private bool IsDone => state!.Removed ? state.IsGone : state.Status.IsTerminal();

    /// <summary>Asks once for each event of the log: what is written later is for the callbacks to see first.</summary>
    private bool CallbacksRestOrAsk()
    {
        if (!CallbacksRest && restAskedAt != LastSequenceNr)
        {
            restAskedAt = LastSequenceNr;
            callbacks.Tell(new CallbackActor.AskRest(LastSequenceNr));
        }

        return CallbacksRest;
    }

    private void OnResting(CallbackActor.Resting resting)
    {
        restsAt = Math.Max(restsAt, resting.SequenceNr);
        Settle();
    }

    /// <summary>A life begins. A finished job may have settled in an earlier one: it is not in the live index unless it says so, and nobody is told of
    /// a change to it before. Any other ought to be there, and says so in case that an earlier life was cut off between its change and its word.</summary>
    private void BeginInIndex(bool isRecovered)
    {
        settled = IsDone;
        if (isRecovered && !settled)
        {
            farm.Farm.Tell(new FarmMessages.JobRevived { JobId = id, Pgrp = state!.Spec.Pgrp });
        }
    }

    /// <summary>Whether a change of a settled job is the live index's business: it runs again, or its callbacks may have something to do.</summary>
    private bool MustRevive => settled && (!IsDone || callbacks is not null);

    private void Revive(JobOutbox outbox)
    {
        (settled, settling) = (false, false);
        Context.SetReceiveTimeout(null);
        waitingForRevival.Add(outbox);
        farm.Farm.Tell(new FarmMessages.JobRevived { JobId = id, Pgrp = state!.Spec.Pgrp });
    }

    private void OnRevived()
    {
        foreach (var outbox in waitingForRevival)
        {
            Tell(outbox.Replies);
        }

        waitingForRevival.Clear();
        Settle();
    }

    /// <summary>From here on a dispatcher's roll call is answered: it may know of something that this job wants or has.</summary>
    private void JoinRoll()
    {
        if (!onRoll)
        {
            onRoll = true;
            settings.Roll.Add(id, self);
        }
    }

    private void SayDemand()
    {
        var demand = decider!.Demand();
        if (demand.Wanted > 0 || demand.Holds.Length > 0)
        {
            JoinRoll();
        }

        farm.Dispatcher.Tell(demand);
    }
}

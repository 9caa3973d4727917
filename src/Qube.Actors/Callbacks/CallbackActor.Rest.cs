using Akka.Actor;

namespace Qube.Actors.Callbacks;

/// <content>What a job asks its callbacks before it forgets them: whether they may sleep, when it has ended, and whether they have seen its removal and
/// done what follows from it, when it is removed.</content>
public sealed partial class CallbackActor
{
    private long restAsked;
    private (IActorRef Asker, long SequenceNr)? whoWaits;

    private void OnWhenIdle(WhenIdle ask) => whoWaits = (Sender, ask.SequenceNr);

    /// <summary>To be called when nothing is being written. Idle: the job's log is folded up to where it asked, and no firing is open. Resting: besides,
    /// nothing but the job's own log could make one fire.</summary>
    private void TellWhoWaits()
    {
        if ((restAsked == 0 && whoWaits is null) || running is not null || HasNews || afterCommit.Count + scripts.Count > 0 || fold.Firings.Values.Any(record => !record.Done))
        {
            return;
        }

        var owner = spec.JobId.Value;
        var cursor = sources.TryGetValue(owner, out var own) ? own.Cursor : long.MaxValue;
        if (whoWaits is { } ask && cursor >= ask.SequenceNr)
        {
            whoWaits = null;
            ask.Asker.Tell(new Idle());
        }

        if (restAsked > 0 && cursor >= restAsked && sources.Values.All(source => !source.Reading && source.Known <= source.Cursor) && CallbackRest.MayRest(fold, owner))
        {
            Context.Parent.Tell(new Resting(restAsked));
            restAsked = 0;
        }
    }

    /// <summary>Job → callbacks: answer (by <see cref="Idle"/>) when the job's log is folded up to here and no firing is open.</summary>
    internal sealed record WhenIdle(long SequenceNr) : INoSerializationVerificationNeeded;

    internal sealed record Idle : INoSerializationVerificationNeeded;

    /// <summary>Job → callbacks: say <see cref="Resting"/> when you may sleep as far as my log goes.</summary>
    internal sealed record AskRest(long SequenceNr) : INoSerializationVerificationNeeded;

    /// <summary>As far as the job's log goes up to here.</summary>
    internal sealed record Resting(long SequenceNr) : INoSerializationVerificationNeeded;
}

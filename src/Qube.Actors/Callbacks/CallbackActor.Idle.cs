using Akka.Actor;

namespace Qube.Actors.Callbacks;

/// <content>When a removed job may be forgotten: not before its callbacks have seen its removal and done what follows from it.</content>
public sealed partial class CallbackActor
{
    private (IActorRef Asker, long SequenceNr)? whoWaits;

    private void OnWhenIdle(WhenIdle ask) => whoWaits = (Sender, ask.SequenceNr);

    private void AnswerWhenIdle()
    {
        if (whoWaits is not { } ask || writing || running is not null || matches.Count + finished.Count + suspended.Count + afterCommit.Count + scripts.Count > 0)
        {
            return;
        }

        var isBehind = sources.TryGetValue(spec.JobId.Value, out var own) && own.Cursor < ask.SequenceNr;
        if (!isBehind && fold.Firings.Values.All(record => record.Done))
        {
            whoWaits = null;
            ask.Asker.Tell(new Idle());
        }
    }

    /// <summary>Job → callbacks: answer (by <see cref="Idle"/>) when the job's log is folded up to here and no firing is open.</summary>
    internal sealed record WhenIdle(long SequenceNr) : INoSerializationVerificationNeeded;

    internal sealed record Idle : INoSerializationVerificationNeeded;
}

using Akka.Actor;

namespace Qube.Actors.Callbacks;

/// <content>A finished job asks whether its callbacks may sleep; they say so once they may.</content>
public sealed partial class CallbackActor
{
    private long restAsked;

    /// <summary>Everything that the job's log holds up to where it asked is folded, written and done.</summary>
    private void TellIfResting()
    {
        if (restAsked == 0 || writing || running is not null || matches.Count + finished.Count + suspended.Count + afterCommit.Count + scripts.Count > 0)
        {
            return;
        }

        var owner = spec.JobId.Value;
        var isBehind = sources.Values.Any(source => source.Reading || source.Known > source.Cursor || (source.Source == owner && source.Cursor < restAsked));
        if (!isBehind && CallbackRest.MayRest(fold, owner))
        {
            Context.Parent.Tell(new Resting(restAsked));
            restAsked = 0;
        }
    }

    /// <summary>Job → callbacks: say <see cref="Resting"/> when you may sleep as far as my log goes.</summary>
    internal sealed record AskRest(long SequenceNr) : INoSerializationVerificationNeeded;

    /// <summary>As far as the job's log goes up to here.</summary>
    internal sealed record Resting(long SequenceNr) : INoSerializationVerificationNeeded;
}

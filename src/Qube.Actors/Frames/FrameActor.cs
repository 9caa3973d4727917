using Akka.Actor;
using Akka.Persistence;
using Qube.Contracts;

namespace Qube.Actors.Frames;

/// <summary>A frame that has something of its own to say: its attempts, each once (design §3). It lives while its job waits for it.</summary>
public sealed class FrameActor : UntypedPersistentActor
{
    private readonly JobId job;
    private readonly int seq;
    private readonly SortedDictionary<int, FrameEvents.AttemptRecorded> attempts = [];

    public FrameActor(JobId job, int seq)
    {
        this.job = job;
        this.seq = seq;
    }

    public override string PersistenceId => Names.Frame(job, seq);

    public override Recovery Recovery => new(SnapshotSelectionCriteria.None);

    public static Props Props(JobId job, int seq) => Akka.Actor.Props.Create(() => new FrameActor(job, seq));

    protected override void OnRecover(object message)
    {
        if (message is FrameEvents.AttemptRecorded attempt)
        {
            attempts[attempt.Attempt] = attempt;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case Record record when attempts.ContainsKey(record.Attempt.Attempt):
                Sender.Tell(new Recorded(seq, record.Run, record.Attempt));
                break;
            case Record record:
                Persist(record.Attempt, attempt =>
                {
                    attempts[attempt.Attempt] = attempt;
                    Sender.Tell(new Recorded(seq, record.Run, attempt));
                });
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Job → frame: keep this attempt; a known one is only answered.</summary>
    internal sealed record Record(int Run, FrameEvents.AttemptRecorded Attempt) : INoSerializationVerificationNeeded;

    /// <summary>Frame → job: it is in the journal.</summary>
    internal sealed record Recorded(int Seq, int Run, FrameEvents.AttemptRecorded Attempt) : INoSerializationVerificationNeeded;
}

using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace Qube.Storage.Tests.Journal;

/// <summary>One actor system on one store, and the journal spoken to in its own messages.</summary>
internal sealed class JournalHarness : TestKit
{
    private static readonly TimeSpan s_limit = Eventually.Limit;

    public JournalHarness(Config storage)
        : base(TestEventSerializer.Config.WithFallback(storage))
    {
    }

    public IActorRef Journal => Persistence.Instance.Apply(Sys).JournalFor(null);

    public IActorRef Noting(string persistenceId) => Sys.ActorOf(NotingActor.Props(persistenceId));

    public Task<NotingActor.State> StateOf(IActorRef noting) => noting.Ask<NotingActor.State>(new NotingActor.GetState(), s_limit);

    public Task<NotingActor.State> RecoveredState(string persistenceId) => StateOf(Noting(persistenceId));

    public Task<LogPage> ReadLog(string persistenceId, long from = 1, long to = long.MaxValue, long max = long.MaxValue)
        => LogReader.ReadAsync(Sys, persistenceId, from, to, max).WaitAsync(s_limit);

    public async Task<string[]> Texts(string persistenceId, long from = 1, long to = long.MaxValue, long max = long.MaxValue)
        => [.. (await ReadLog(persistenceId, from, to, max)).Events.Select(e => ((Noted)e.Payload).Text)];

    public static AtomicWrite Atomic(string persistenceId, long firstSequenceNr, params object[] payloads)
        => new(payloads.Select(IPersistentRepresentation (p, i) => new Persistent(p, firstSequenceNr + i, persistenceId)).ToImmutableList());

    /// <summary>Sends one request as a persistent actor would; the probe gets the answers.</summary>
    public TestProbe Send(params AtomicWrite[] writes)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new WriteMessages(writes, probe.Ref, 1), probe.Ref);
        return probe;
    }

    /// <summary>The answers to one request: for each event Success, Failure or Rejected.</summary>
    public static string[] Outcomes(TestProbe probe, int events)
    {
        var head = probe.ReceiveOne(s_limit);
        if (head is not (WriteMessagesSuccessful or WriteMessagesFailed))
            throw new InvalidOperationException($"expected the head of an answer, saw {head}");
        return [.. probe.ReceiveN(events, s_limit).Select(m => m switch
        {
            WriteMessageSuccess when head is WriteMessagesSuccessful => "Success",
            WriteMessageRejected when head is WriteMessagesSuccessful => "Rejected",
            WriteMessageFailure when head is WriteMessagesFailed => "Failure",
            _ => $"{m} after {head}",
        })];
    }

    /// <summary>Ends the system, so that another may open the store.</summary>
    public Task StopAsync() => Sys.Terminate().WaitAsync(s_limit);
}

using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;

namespace Qube.Storage.Tests.Journal;

internal static class StockQuery
{
    /// <summary>A log as Akka.Persistence.Sql's read journal sees it.</summary>
    public static async Task<IReadOnlyList<(long SequenceNr, string Text)>> EventsOf(ActorSystem system, string persistenceId)
    {
        var events = await PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>("akka.persistence.query.journal.sql")
            .CurrentEventsByPersistenceId(persistenceId, 0, long.MaxValue)
            .RunWith(Sink.Seq<EventEnvelope>(), system.Materializer())
            .WaitAsync(Eventually.Limit);
        return [.. events.Select(e => (e.SequenceNr, ((Noted)e.Event).Text))];
    }
}

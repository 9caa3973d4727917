using Akka.Actor;
using Akka.Configuration;

namespace Qube.Storage.Tests.Journal;

/// <summary>
/// Writes on and on; prints one line <c>ID TEXT</c> for every acknowledged event, <c>FAILED</c> when an actor was stopped by a failed
/// write (it is made anew), and ends by being killed.
/// </summary>
internal static class WriterProcess
{
    public static Config StorageOf(string store, string connection) => store switch
    {
        "sqlite" => StorageConfig.Sqlite(connection),
        "postgresql" => StorageConfig.PostgreSql(connection),
        _ => throw new ArgumentException($"unknown store {store}"),
    };

    public static async Task RunAsync(string store, string connection, int actors)
    {
        var system = ActorSystem.Create("writer", TestEventSerializer.Config.WithFallback(StorageOf(store, connection)));
        var output = Console.Out;
        for (var i = 0; i < actors; i++)
            system.ActorOf(Props.Create(() => new Driver($"killed-{i}", output)));
        await system.WhenTerminated;
    }

    private sealed class Driver : UntypedActor
    {
        private static readonly Lock s_console = new();
        private readonly string _id;
        private readonly TextWriter _output;
        private IActorRef _writer = ActorRefs.Nobody;
        private int _next;

        public Driver(string id, TextWriter output)
        {
            _id = id;
            _output = output;
        }

        protected override void PreStart() => Begin();

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case NotingActor.State state:
                    _next = state.Texts.Length;
                    Write();
                    break;
                case NotingActor.Stored stored:
                    Print($"{_id} {stored.Text}");
                    Write();
                    break;
                case Terminated:
                    Print("FAILED");
                    Begin();
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }

        private void Begin()
        {
            var id = _id;
            _writer = Context.Watch(Context.ActorOf(NotingActor.Props(id)));
            _writer.Tell(new NotingActor.GetState());
        }

        private void Write() => _writer.Tell(new NotingActor.Note((_next++).ToString()));

        private void Print(string line)
        {
            lock (s_console)
            {
                _output.WriteLine(line);
                _output.Flush();
            }
        }
    }
}

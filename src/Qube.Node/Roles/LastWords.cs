using Akka.Event;

namespace Qube.Node.Roles;

/// <summary>What Akka has to say before its logger is there and after it has gone: by itself it would say it on standard output, which is for what scripts
/// read, and down to every "shut down" of an end that was asked for. Named by <see cref="FarmLogging.Hocon"/>.</summary>
internal sealed class LastWords : MinimalLogger
{
    protected override void Log(object message)
    {
        if (message is LogEvent entry && entry.LogLevel() >= Akka.Event.LogLevel.WarningLevel)
        {
            Console.Error.WriteLine(entry);
        }
    }
}

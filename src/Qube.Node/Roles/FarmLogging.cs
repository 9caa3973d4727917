using Akka.Actor.Setup;
using Akka.Hosting.Logging;

namespace Qube.Node.Roles;

/// <summary>Logs go to standard error: standard output is for what scripts read (<c>ready …</c>).</summary>
internal static class FarmLogging
{
    /// <summary>What binds the actor system's logger to the host's, and <see cref="LastWords"/> to when there is none.</summary>
    public const string Hocon = """
        akka.loggers = ["Akka.Hosting.Logging.LoggerFactoryLogger, Akka.Hosting"]
        akka.stdout-loglevel = WARNING
        akka.stdout-logger-class = "Qube.Node.Roles.LastWords, qube"
        """;

    public static ILoggerFactory Create(bool verbose) => LoggerFactory.Create(logging => Configure(logging, verbose));

    public static void Configure(ILoggingBuilder logging, bool verbose)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.Warning);
    }

    public static Setup Setup(ILoggerFactory factory) => new LoggerFactorySetup(factory);
}

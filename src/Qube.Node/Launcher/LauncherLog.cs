using System.Globalization;

namespace Qube.Node.Launcher;

/// <summary>
/// The launcher's few lines about itself, on standard error, which is <c>DIR/launcher.log</c>. In a node they go nowhere: the node
/// sets <see cref="Sink"/> to its own log.
/// </summary>
internal static class LauncherLog
{
    internal static Action<string>? Sink { get; set; }

    internal static void Write(string text) => Sink?.Invoke(text);

    internal static void ToStandardError() => Sink = text => Console.Error.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {text}"));
}

namespace Qube.Node.Roles;

internal static partial class FarmLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "callback scripts: {Text}")]
    public static partial void ScriptTrouble(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "universal callbacks: {Text}")]
    public static partial void UniversalTrouble(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Text}")]
    public static partial void JobTypeTrouble(ILogger log, string text);
}

namespace Qube.Node.Roles;

internal static partial class FarmLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "callback scripts: {Text}")]
    public static partial void ScriptTrouble(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "universal callbacks: {Text}")]
    public static partial void UniversalTrouble(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "not everything could be given back: another life of this worker tells the farm, or the lease ends")]
    public static partial void NotDrained(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a supervisor takes this worker's actor system for dead: another one is started, and what runs goes on")]
    public static partial void Quarantined(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "waiting until {Majority} of {Supervisors} supervisors are there")]
    public static partial void WaitingForMajority(ILogger log, int majority, int supervisors);

    [LoggerMessage(Level = LogLevel.Warning, Message = "none of the supervisors before this one in the list of seeds answers: the farm is founded without them, if no other supervisor is in one")]
    public static partial void EarlierSeedsSilent(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the farm's singleton does not answer yet; what is said above of the journal, if anything, is the reason")]
    public static partial void WaitingForFarm(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "supervisor {Address} has removed this one, which did not answer for long: it ends")]
    public static partial void RemovedByOthers(ILogger log, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Text}")]
    public static partial void JobTypeTrouble(ILogger log, string text);
}

using Qube.Contracts.Scripts;

namespace Qube.Actions.Scripts;

/// <summary>What became of a script that was handed to a zygote.</summary>
internal abstract record ZygoteEnd
{
    private ZygoteEnd()
    {
    }

    /// <summary>The script ended, in whichever way.</summary>
    public sealed record Ended(ScriptOutcome Outcome) : ZygoteEnd;

    /// <summary>The zygote died before it said how the script ended; what ran of it has been killed.</summary>
    public sealed record CutOff(string Reason) : ZygoteEnd;
}

namespace Qube.Contracts.Scripts;

/// <summary>How a script's run ended.</summary>
/// <param name="Exit">What ended it.</param>
/// <param name="Detail">Exception text, exit code or signal, in words; empty when it completed.</param>
/// <param name="Seconds">How long it ran.</param>
/// <param name="OutputBytes">What it wrote, before the cap.</param>
public sealed record ScriptOutcome(ScriptExit Exit, string Detail, double Seconds, long OutputBytes);

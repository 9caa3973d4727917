namespace Qube.Contracts.Launching;

/// <summary>Asks a launcher to run one process. Repeating it is harmless: the answer is what is already known.</summary>
/// <param name="Key">Names the process.</param>
/// <param name="Epoch">The job's epoch; lower than the highest that the launcher has seen for this job, it is refused.</param>
/// <param name="Command">What to run.</param>
/// <param name="Environment">The whole environment, as <c>NAME=value</c>; nothing is inherited. <c>QUBE_RUN</c> is added.</param>
/// <param name="WorkingDirectory">Where to run it; one that does not exist, or null, is the launcher's own.</param>
/// <param name="StdoutPath">Log file, created with its folders and appended to; null is <c>/dev/null</c>.</param>
/// <param name="StderrPath">As <paramref name="StdoutPath"/>; the same path makes one combined log.</param>
/// <param name="BackEnd">Not null: the key is an item that the instance's back end takes when it asks for work. The process is started if
/// none of this run is there.</param>
public sealed record LaunchRequest(
    LaunchKey Key,
    int Epoch,
    LaunchCommand Command,
    IReadOnlyList<string> Environment,
    string? WorkingDirectory,
    string? StdoutPath,
    string? StderrPath,
    BackEndItem? BackEnd = null);

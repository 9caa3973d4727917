namespace Qube.Node.Cli;

/// <summary>Ends a command: the message goes to stderr, the code is one of <see cref="CliExit"/>.</summary>
internal sealed class CliFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static CliFailure Usage(string message) => new(CliExit.Usage, message);

    public static CliFailure Refused(string message) => new(CliExit.Refused, message);

    public static CliFailure Away(string message) => new(CliExit.Away, message);
}

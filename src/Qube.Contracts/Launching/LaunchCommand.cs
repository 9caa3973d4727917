namespace Qube.Contracts.Launching;

/// <summary>What to run.</summary>
public abstract record LaunchCommand
{
    private LaunchCommand()
    {
    }

    /// <summary>A program and its arguments, started without a shell. The first is looked up in the <i>child's</i> PATH.</summary>
    /// <param name="Arguments">Program, then arguments; at least one.</param>
    public sealed record Program(IReadOnlyList<string> Arguments) : LaunchCommand;

    /// <summary>
    /// A command line. Without shell syntax it is split and started directly; else <c>SHELL -c LINE</c> is (design.md §4.7).
    /// </summary>
    /// <param name="Line">The command line as the user wrote it.</param>
    /// <param name="ShellPath">
    /// The shell for it; null is <c>/bin/sh</c>. A shell asked for by name always gets the line: its start-up files are
    /// presumably why it was asked for (spec/jobs.md §4.1, <c>shell</c>).
    /// </param>
    public sealed record ShellLine(string Line, string? ShellPath = null) : LaunchCommand;
}

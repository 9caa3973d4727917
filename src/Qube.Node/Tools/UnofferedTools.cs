using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>Tools of Qube! that this farm has nothing for: they exist, so that a script that only mentions them goes on, and say so when they are run.</summary>
internal static class UnofferedTools
{
    public static IReadOnlyList<Tool> All { get; } =
    [
        Build("qbhash", "hashes passwords", "no passwords are kept here"),
        Build("qblogin", "keeps the passwords of Windows users", "no passwords are kept here; jobs run as the user that the worker is configured with"),
    ];

    private static Tool Build(string name, string what, string why) => new(
        name, "[ARGUMENT…]", $"Not offered. In Qube! it {what}; {why}.", [], _ => throw CliFailure.Refused($"not offered: {why}"));
}

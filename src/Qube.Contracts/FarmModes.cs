namespace Qube.Contracts;

/// <summary>Modes of the supervisor that an administrator sets (spec/cli.md §4, <c>qbadmin s --set MODE</c>). They outlive a restart.</summary>
public static class FarmModes
{
    /// <summary>No submission is taken; what was accepted goes on.</summary>
    public const string RejectSubmit = "reject_submit";

    /// <summary>No instance is started; what runs goes on.</summary>
    public const string StopActivity = "stop_activity";

    public static IReadOnlyList<string> All { get; } = [RejectSubmit, StopActivity];
}

namespace Qube.Contracts;

/// <summary>A user of whom somebody has said what he or she may do (spec/scheduling.md §13).</summary>
public sealed record UserEntry
{
    public string Name { get; init; } = "";

    /// <summary>Permission bits: on own jobs and the farm.</summary>
    public int Mask { get; init; }

    /// <summary>The one group the user is in; empty for none.</summary>
    public string Group { get; init; } = "";

    /// <summary>Permission bits: on the jobs of the group's other members.</summary>
    public int GroupMask { get; init; }
}

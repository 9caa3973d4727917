namespace Qube.Contracts;

/// <summary>
/// The items of a job, in order, as they are sent and stored: a million frames are one part. The domain's Agenda reads it.
/// </summary>
public sealed record AgendaSpec
{
    /// <summary>The items in the order of the parts.</summary>
    public const int AsGivenOrder = 0;

    /// <summary>Last item first.</summary>
    public const int ReverseOrder = 1;

    /// <summary>First, last, middle, middles of what lies between.</summary>
    public const int BinaryOrder = 2;

    public AgendaPart[] Parts { get; init; } = [];

    /// <summary>One of the constants above; applies to all parts as a whole.</summary>
    public int Order { get; init; }
}

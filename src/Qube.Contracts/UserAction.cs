namespace Qube.Contracts;

/// <summary>What is done to a user's entry (<c>qb.setusers</c>, <c>qbusers</c>).</summary>
public enum UserAction : byte
{
    None = 0,

    /// <summary>Gives permissions beside those there are; with a group, puts the user into it.</summary>
    Add = 1,

    /// <summary>Takes permissions away; without any, the whole entry, or with a group the membership.</summary>
    Delete = 2,

    /// <summary>These permissions and no others; with a group, in it.</summary>
    Set = 3,

    /// <summary>Takes the user out of the group.</summary>
    Drop = 4,
}

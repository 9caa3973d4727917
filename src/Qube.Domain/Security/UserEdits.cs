using Qube.Contracts;

namespace Qube.Domain.Security;

/// <summary>What an action makes of a user's entry. Pure.</summary>
public static class UserEdits
{
    /// <summary>More members than this a group cannot have: commands carry their names, and messages stay below 64 kB (design §8).</summary>
    public const int MostMembers = 1000;

    private const int LongestNameLetters = 40;

    /// <param name="before">The entry; null where there is none.</param>
    /// <param name="edit">What to do.</param>
    /// <param name="members">How many are in the group that the edit names, the user aside.</param>
    /// <param name="byDefault">What users without an entry may do.</param>
    /// <returns>The entry afterwards, null where there is none; or why it cannot be.</returns>
    public static (UserEntry? Entry, string? Error) Apply(UserEntry? before, UserMessages.EditUser edit, int members, Permissions byDefault = PermissionSets.Default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        if (!IsName(edit.Name))
        {
            return (before, $"'{edit.Name}' is no user's name: up to {LongestNameLetters} letters, digits, '.', '-', '_' and '@'");
        }

        if (edit.Group.Length > 0 && !IsName(edit.Group))
        {
            return (before, $"'{edit.Group}' is no group's name: up to {LongestNameLetters} letters, digits, '.', '-', '_' and '@'");
        }

        if (edit.Group.Length > 0 && edit.Action is UserAction.Add or UserAction.Set && members >= MostMembers)
        {
            return (before, $"group '{edit.Group}' has {members} members, and more than {MostMembers} it cannot have");
        }

        // Whoever had no entry had the default permissions, and is to lose none of them by being named.
        var entry = before ?? new UserEntry { Name = edit.Name, Mask = (int)byDefault };
        return edit.Group.Length > 0 || edit.Action == UserAction.Drop ? OfGroup(entry, before, edit) : OfUser(entry, before, edit);
    }

    private static (UserEntry? Entry, string? Error) OfUser(UserEntry entry, UserEntry? before, UserMessages.EditUser edit) => edit.Action switch
    {
        UserAction.Add => (entry with { Mask = entry.Mask | edit.Permissions }, null),
        UserAction.Set => (entry with { Mask = edit.Permissions }, null),
        UserAction.Delete when edit.Permissions == 0 => (null, null),
        UserAction.Delete => (entry with { Mask = entry.Mask & ~edit.Permissions }, null),
        _ => (before, "there is nothing to be done: add, delete, set or drop"),
    };

    private static (UserEntry? Entry, string? Error) OfGroup(UserEntry entry, UserEntry? before, UserMessages.EditUser edit)
    {
        var isMember = edit.Group == entry.Group;
        switch (edit.Action)
        {
            case UserAction.Add:
                return (entry with { Group = edit.Group, GroupMask = (isMember ? entry.GroupMask : 0) | edit.Permissions }, null);
            case UserAction.Set:
                return (entry with { Group = edit.Group, GroupMask = edit.Permissions }, null);
            case UserAction.Delete when edit.Permissions != 0 && isMember:
                return (entry with { GroupMask = entry.GroupMask & ~edit.Permissions }, null);
            case UserAction.Delete or UserAction.Drop when isMember || edit is { Action: UserAction.Drop, Group: "" }:
                return before is null ? (null, null) : (entry with { Group = "", GroupMask = 0 }, null);
            case UserAction.Delete or UserAction.Drop:
                return (before, $"{edit.Name} is no member of group '{edit.Group}'");
            default:
                return (before, "there is nothing to be done: add, delete, set or drop");
        }
    }

    /// <summary>Names stand in lists and on command lines.</summary>
    public static bool IsName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is > 0 and <= LongestNameLetters && text.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' or '@');
    }
}

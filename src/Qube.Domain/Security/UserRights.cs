using System.Collections.Immutable;
using Qube.Contracts;

namespace Qube.Domain.Security;

/// <summary>What one user may do (spec/scheduling.md §13). Pure: a user's entry in the list and the members of the user's group are all it goes by.</summary>
/// <param name="User">Who.</param>
/// <param name="Mask">The user's own permissions: on what belongs to the user, and on the farm.</param>
/// <param name="GroupMask">On the jobs of the group's other members.</param>
/// <param name="Members">The group's members; empty without a group.</param>
public sealed record UserRights(string User, Permissions Mask, Permissions GroupMask, ImmutableArray<string> Members)
{
    /// <summary>Administrators whatever the list says, so that no list locks everybody out: the machine's, and the farm itself, whose name its universal
    /// callbacks carry.</summary>
    public static ImmutableArray<string> BornAdministrators { get; } = ["root", "qube"];

    public bool IsAdmin => Mask.HasFlag(Permissions.Admin);

    /// <param name="user">Who.</param>
    /// <param name="entry">The user's entry; null where the list has none.</param>
    /// <param name="members">Everybody in the group of that entry.</param>
    /// <param name="byDefault">What users without an entry may do.</param>
    public static UserRights Of(string user, UserEntry? entry, IEnumerable<string> members, Permissions byDefault = PermissionSets.Default)
    {
        ArgumentNullException.ThrowIfNull(members);
        if (BornAdministrators.Contains(user, StringComparer.Ordinal))
        {
            return new(user, PermissionSets.Everything, Permissions.None, []);
        }

        return entry is null
            ? new(user, byDefault, Permissions.None, [])
            : new(user, (Permissions)entry.Mask, (Permissions)entry.GroupMask, entry.Group.Length > 0 ? [.. members] : []);
    }

    /// <summary>Whether the user has a permission for what is the user's own or nobody's: submissions, hosts, the farm.</summary>
    public bool Has(Permissions permission) => IsAdmin || Mask.HasFlag(permission);

    /// <summary>To whose jobs the user may do what needs this permission.</summary>
    /// <remarks>
    /// Own jobs go by the user's permissions alone. Jobs of other members go by the group's permissions, and a user's right takes precedence: what the user
    /// may not even do to own jobs, the group does not allow either. An administrator of the group may do everything to its members' jobs.
    /// </remarks>
    public JobOwners Over(Permissions permission)
    {
        if (IsAdmin || Mask.HasFlag(Permissions.SudoAdmin))
        {
            return JobOwners.Anybody;
        }

        if ((GroupMask & (Permissions.Admin | Permissions.SudoAdmin)) != 0)
        {
            return new(false, [.. Members.Append(User).Distinct(StringComparer.Ordinal)]);
        }

        if (!Mask.HasFlag(permission))
        {
            return JobOwners.Nobody;
        }

        return GroupMask.HasFlag(permission) ? new(false, [.. Members.Append(User).Distinct(StringComparer.Ordinal)]) : new(false, [User]);
    }

    /// <summary>Whether the user may ask in another's name. Nobody becomes an administrator this way, who is none.</summary>
    public bool MayActAs(UserRights other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.User == User || IsAdmin || (Mask.HasFlag(Permissions.Impersonate) && (other.Mask & PermissionSets.Administration) == 0);
    }

    /// <summary>Who asks in another's name has the other's rights; an administrator keeps all.</summary>
    public UserRights As(UserRights other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsAdmin ? this with { User = other.User } : other;
    }
}

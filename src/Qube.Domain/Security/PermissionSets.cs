namespace Qube.Domain.Security;

/// <summary>Sets of permissions that have a name.</summary>
public static class PermissionSets
{
    /// <summary>What users have that nobody has said anything of (<c>supervisor_default_security</c>).</summary>
    public const Permissions Default = (Permissions)136314867;

    /// <summary>What only administrators have.</summary>
    public const Permissions Administration = Permissions.Admin | Permissions.SudoAdmin | Permissions.Impersonate;

    /// <summary>Everything there is.</summary>
    public const Permissions Everything = AllUsers | Administration;

    /// <summary><c>all</c>: everything that is not for administrators.</summary>
    public const Permissions AllUsers = (Permissions)((1 << 21) - 1) | Permissions.LockHost;
}

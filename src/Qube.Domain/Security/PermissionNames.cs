using System.Collections.Immutable;

namespace Qube.Domain.Security;

/// <summary>Permissions as people write them: <c>submit_job</c> in configurations and in python, <c>--submitjob</c>, <c>--sudo</c>, <c>--lock</c> on command lines.</summary>
public static class PermissionNames
{
    /// <summary>Every bit with its name, in the order of the numbers.</summary>
    public static readonly ImmutableArray<(string Name, Permissions Permission)> All =
    [
        ("submit_job", Permissions.SubmitJob),
        ("submit_callback", Permissions.SubmitCallback),
        ("submit_global_callback", Permissions.SubmitGlobalCallback),
        ("bump", Permissions.Bump),
        ("kill", Permissions.Kill),
        ("remove", Permissions.Remove),
        ("modify", Permissions.Modify),
        ("preempt", Permissions.Preempt),
        ("block", Permissions.Block),
        ("interrupt", Permissions.Interrupt),
        ("complete", Permissions.Complete),
        ("unblock", Permissions.Unblock),
        ("suspend", Permissions.Suspend),
        ("resume", Permissions.Resume),
        ("retry", Permissions.Retry),
        ("requeue", Permissions.Requeue),
        ("migrate", Permissions.Migrate),
        ("shove", Permissions.Shove),
        ("fail", Permissions.Fail),
        ("retire", Permissions.Retire),
        ("reset", Permissions.Reset),
        ("lock_host", Permissions.LockHost),
        ("sudo_admin", Permissions.SudoAdmin),
        ("impersonate", Permissions.Impersonate),
        ("admin", Permissions.Admin),
    ];

    private static readonly ImmutableDictionary<string, Permissions> Known = All
        .Select(one => (Name: one.Name.Replace("_", "", StringComparison.Ordinal), one.Permission))
        .Append(("all", PermissionSets.AllUsers))
        .Append(("sudo", Permissions.SudoAdmin))
        .Append(("lock", Permissions.LockHost))
        .ToImmutableDictionary(one => one.Item1, one => one.Item2, StringComparer.OrdinalIgnoreCase);

    /// <summary>The permission of that name, or null when it is none. Underscores and case do not matter.</summary>
    public static Permissions? Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Known.TryGetValue(name.Trim().Replace("_", "", StringComparison.Ordinal), out var found) ? found : null;
    }

    /// <summary>The names of all that is in a mask; bits that have no name are left out.</summary>
    public static ImmutableArray<string> Of(Permissions mask) => [.. All.Where(one => mask.HasFlag(one.Permission)).Select(one => one.Name)];

    /// <summary>The one name of a single permission.</summary>
    public static string Name(Permissions permission) => string.Join('+', Of(permission));
}

namespace Qube.Contracts;

/// <summary>Statuses as scripts write and read them (spec/jobs.md §6).</summary>
public static class StatusNames
{
    private static readonly string[] Names =
    [
        "unknown", "pending", "blocked", "waiting", "registering", "running", "suspended", "dying", "badlogin", "complete", "failed", "killed",
    ];

    public static string Name(this Status status) => Names[(int)status];

    /// <summary>The words clients see for an item: one handed out ahead is still pending to them.</summary>
    public static string ItemName(this Status status) => status == Status.Registering ? Names[(int)Status.Pending] : Names[(int)status];

    public static bool TryParse(string text, out Status status)
    {
        var index = Array.FindIndex(Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        status = index < 0 ? Status.Unknown : (Status)index;
        return index >= 0;
    }

    /// <summary>Complete, failed or killed: the group that spec/jobs.md §6 calls done.</summary>
    public static bool IsTerminal(this Status status) => status >= Status.Complete;

    /// <summary>Assigned to a host: it holds its reservations.</summary>
    public static bool IsOnHost(this Status status) => status is Status.Registering or Status.Running or Status.Waiting or Status.Dying or Status.Suspended;
}

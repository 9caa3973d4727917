using Qube.Domain.Execution;

namespace Qube.Domain.Jobs;

/// <summary>How a failed flight check is told: it begins with the level that it is of (spec/jobs.md §10).</summary>
internal static class FlightReasons
{
    /// <summary>It is of an item.</summary>
    public static bool IsOfItem(string reason) =>
        reason.StartsWith(FlightCommand.AgendaPreflight + " ", StringComparison.Ordinal) || reason.StartsWith(FlightCommand.AgendaPostflight + " ", StringComparison.Ordinal);
}

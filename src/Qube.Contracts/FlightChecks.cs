namespace Qube.Contracts;

/// <summary>Which flight checks of instances a host has of its own, whatever a job asks for (spec/jobs.md §10).</summary>
[Flags]
public enum FlightChecks
{
    None = 0,

    /// <summary>In <c>instance/pre</c> of <c>worker_flight_check_path</c>.</summary>
    Preflights = 1,

    /// <summary>In <c>instance/post</c>.</summary>
    Postflights = 2,
}

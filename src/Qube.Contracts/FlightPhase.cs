namespace Qube.Contracts;

/// <summary>Where a run of an instance stands in its course (spec/jobs.md §10). Numbers stand in journals: never reused.</summary>
public enum FlightPhase
{
    /// <summary>Nothing of it has begun.</summary>
    None = 0,

    /// <summary>Its preflights are in hand.</summary>
    Preflights = 1,

    /// <summary>It works: its command, or its items.</summary>
    Work = 2,

    /// <summary>Its postflights are in hand.</summary>
    Postflights = 3,

    /// <summary>All of it is done, or what is left of it is not to be done.</summary>
    Over = 4,
}

namespace Qube.Domain.Expressions;

/// <summary>How much of a resource an instance takes (scheduling.md §5).</summary>
public enum ReservationKind
{
    /// <summary><c>N</c>: exactly that.</summary>
    Exactly,

    /// <summary><c>N+</c>: all that is free, at least N.</summary>
    AllFree,

    /// <summary><c>N*</c>: all of it, only on a host where none is used, at least N.</summary>
    Whole,

    /// <summary><c>N-M</c>: what is free, at least N and at most M.</summary>
    UpTo,
}

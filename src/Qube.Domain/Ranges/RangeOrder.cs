namespace Qube.Domain.Ranges;

/// <summary>The modes of <c>rangeorder</c> (jobs.md §7).</summary>
public enum RangeOrder
{
    /// <summary>Numbers upwards, then names by their characters.</summary>
    Ascend,

    /// <summary>The opposite of <see cref="Ascend"/>.</summary>
    Descend,

    /// <summary>As written, last first.</summary>
    Reverse,

    /// <summary>First, last, middle, then the middles of what lies between; of the frames sorted upwards.</summary>
    Binary,

    /// <summary>The same of the frames as written.</summary>
    RawBinary,
}

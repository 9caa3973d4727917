using Qube.Contracts;

namespace Qube.Domain.Ranges;

/// <summary>The order in which an agenda's items stand, without writing the items out in it.</summary>
public enum AgendaOrder
{
    AsGiven = AgendaSpec.AsGivenOrder,
    Reverse = AgendaSpec.ReverseOrder,
    Binary = AgendaSpec.BinaryOrder,
}

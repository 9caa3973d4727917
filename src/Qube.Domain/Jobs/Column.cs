using System.Numerics;

namespace Qube.Domain.Jobs;

/// <summary>A column of <see cref="Contracts.JobSnapshot.ItemColumns"/>: one value stands for all when they are the same, none for all when they are 0.</summary>
internal static class Column
{
    public static T[] Pack<T>(T[] values)
        where T : INumber<T>
    {
        if (values.Length == 0 || Array.Exists(values, value => value != values[0]))
        {
            return values;
        }

        return values[0] == T.Zero ? [] : [values[0]];
    }

    /// <exception cref="InvalidDataException">It is of another length.</exception>
    public static T[] Unpack<T>(T[] packed, int count, string name)
        where T : INumber<T>
    {
        if (packed.Length == count)
        {
            return packed;
        }

        if (packed.Length > 1)
        {
            throw new InvalidDataException($"column {name} has {packed.Length} values for {count} items");
        }

        var values = new T[count];
        if (packed.Length == 1)
        {
            Array.Fill(values, packed[0]);
        }

        return values;
    }
}

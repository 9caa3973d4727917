using System.Reflection;
using Qube.Contracts;

namespace Qube.Wire.Tests;

/// <summary>Random instances of any type of the wire table: every property set, zeros and empties as often as anything else.</summary>
internal static class Samples
{
    public static object Of(Type type, Random random, int depth = 0)
    {
        var instance = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            property.SetValue(instance, Value(property.PropertyType, random, depth + 1));
        }

        return instance;
    }

    private static object? Value(Type type, Random random, int depth) => type switch
    {
        _ when type == typeof(string) => random.Next(3) switch { 0 => "", 1 => "ünïcode \u2603", _ => "x" + random.Next() },
        _ when type == typeof(int) => Pick(random, 0, -1, 1, int.MinValue, int.MaxValue, random.Next()),
        _ when type == typeof(long) => Pick(random, 0L, -1L, 1L, long.MinValue, long.MaxValue, random.NextInt64()),
        _ when type == typeof(byte) => (byte)random.Next(256),
        _ when type == typeof(bool) => random.Next(2) == 1,
        _ when type == typeof(JobId) => new JobId(random.NextInt64()),
        _ when type.IsEnum => Enum.GetValues(type).GetValue(random.Next(Enum.GetValues(type).Length)),
        _ when type.IsArray => Array(type.GetElementType()!, random, depth),
        _ when Nullable.GetUnderlyingType(type) is { } inner => Value(inner, random, depth),
        _ when type.Namespace!.StartsWith("Qube.", StringComparison.Ordinal) => depth > 6 ? null : Of(type, random, depth),
        _ => throw new InvalidOperationException($"the samples do not know {type}"),
    };

    private static T Pick<T>(Random random, params T[] values) => values[random.Next(values.Length)];

    private static Array Array(Type element, Random random, int depth)
    {
        var array = System.Array.CreateInstance(element, random.Next(1, 4));
        for (var index = 0; index < array.Length; index++)
        {
            array.SetValue(Value(element, random, depth), index);
        }

        return array;
    }
}

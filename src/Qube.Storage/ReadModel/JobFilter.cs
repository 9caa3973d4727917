using System.Collections.Immutable;

namespace Qube.Storage.ReadModel;

/// <summary>What one key of a job must be. A key that is no column is looked up in the job dictionary's top level, as a string.</summary>
public sealed record JobFilter
{
    private JobFilter(string key, ImmutableArray<string> anyOf, long? min, long? max)
    {
        Key = key;
        AnyOf = anyOf;
        Min = min;
        Max = max;
    }

    public string Key { get; }

    /// <summary>The job passes when one of these matches; ignored for a range.</summary>
    public ImmutableArray<string> AnyOf { get; }

    /// <summary>Inclusive.</summary>
    public long? Min { get; }

    /// <summary>Inclusive.</summary>
    public long? Max { get; }

    /// <summary>
    /// One of <paramref name="anyOf"/>: <c>~regex</c> (found anywhere, case counts); a text with <c>*</c> or <c>%</c> in it is a wildcard
    /// pattern over the whole value, where both stand for any text, and, when one of them leads, <c>_</c> for one character
    /// (spec/scheduling.md §7, spec/cli.md); any other text must be equal.
    /// </summary>
    public static JobFilter Matches(string key, params IEnumerable<string> anyOf) => new(key, [.. anyOf], null, null);

    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>, both inclusive, null = open: ids and unix times.</summary>
    public static JobFilter Between(string key, long? min, long? max) => new(key, [], min, max);
}

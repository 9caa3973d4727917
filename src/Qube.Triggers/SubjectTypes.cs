using System.Collections.Frozen;

namespace Qube.Triggers;

/// <summary>The written words of the subject types and what each type's extra looks like.</summary>
public static class SubjectTypes
{
    private static readonly FrozenDictionary<string, SubjectType> ByWord =
        Enum.GetValues<SubjectType>().ToFrozenDictionary(type => type.Word(), StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, SubjectType>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByWord.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>For error messages: every word that may stand as an event's second field.</summary>
    public static string Words { get; } = string.Join(", ", Enum.GetValues<SubjectType>().Select(Word));

    public static bool TryParse(ReadOnlySpan<char> word, out SubjectType type) => BySpan.TryGetValue(word, out type);

    public static string Word(this SubjectType type) => type switch
    {
        SubjectType.Job => "job",
        SubjectType.Subjob => "subjob",
        SubjectType.Work => "work",
        SubjectType.Host => "host",
        SubjectType.Time => "time",
        SubjectType.Repeat => "repeat",
        SubjectType.Global => "global",
        SubjectType.GlobalTime => "globaltime",
        SubjectType.GlobalRepeat => "globalrepeat",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a subject type"),
    };

    /// <summary>True where the extra names an item of which there are many, so that `*` is allowed.</summary>
    public static bool HasItems(this SubjectType type) => type is SubjectType.Subjob or SubjectType.Work or SubjectType.Host;

    public static bool IsClock(this SubjectType type) =>
        type is SubjectType.Time or SubjectType.Repeat or SubjectType.GlobalTime or SubjectType.GlobalRepeat;

    /// <summary>True where the event belongs to no job: its source is <see cref="TriggerEvent.FarmSource"/>.</summary>
    public static bool IsJobless(this SubjectType type) =>
        type is SubjectType.Global or SubjectType.GlobalTime or SubjectType.GlobalRepeat;
}

namespace Qube.Triggers;

/// <summary>What a firing acts upon, while it is being put together.</summary>
internal readonly record struct FiredItems(NameSet Works, NameSet Instances)
{
    public static FiredItems Nothing { get; } = new(NameSet.Empty, NameSet.Empty);

    public static FiredItems Of(SubjectType type, NameSet names) => type switch
    {
        SubjectType.Work => new(names, NameSet.Empty),
        SubjectType.Subjob => new(NameSet.Empty, names),
        _ => Nothing,
    };

    public FiredItems Union(FiredItems other) => new(Works.Union(other.Works), Instances.Union(other.Instances));

    /// <summary>Two alternatives that fired at once: one that names no item means all items, and all stays all.</summary>
    public FiredItems Beside(FiredItems other, ActsOn target)
    {
        var both = Union(other);
        return target switch
        {
            ActsOn.Work when Works.IsEmpty || other.Works.IsEmpty => both with { Works = NameSet.Empty },
            ActsOn.Subjob when Instances.IsEmpty || other.Instances.IsEmpty => both with { Instances = NameSet.Empty },
            _ => both,
        };
    }
}

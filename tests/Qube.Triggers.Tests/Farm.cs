namespace Qube.Triggers.Tests;

/// <summary>A small world in which random expressions and random events meet often.</summary>
internal static class Farm
{
    public const long Owner = 100;
    private const long Parent = 50;

    private static readonly string[] Names = ["complete", "failed", "unblock"];
    private static readonly string[] Works = ["1", "2", "3", "a b", "*", "*"];
    private static readonly string[] Instances = ["0", "1", "2", "*", "*"];
    private static readonly string[] Hosts = ["h1", "h2", "*"];

    private static readonly TriggerContext[] Contexts =
    [
        TriggerContext.Self, TriggerContext.Self, TriggerContext.Parent, TriggerContext.ForJob(Owner), TriggerContext.ForLabel("lay"), TriggerContext.Any,
        TriggerContext.ForLabel("nowhere"),
    ];

    public static long? Resolve(TriggerContext context) => context.Kind switch
    {
        ContextKind.Self => Owner,
        ContextKind.Parent => Parent,
        ContextKind.Label when context.Label == "lay" => 8,
        _ => null,
    };

    public static TriggerExpression Expression(Random random, int depth = 3, bool isOutermost = true)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            return Pattern(random);
        }

        var kind = random.Next(7);
        List<TriggerExpression> operands = [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Expression(random, depth - 1, isOutermost && kind < 2))];
        if (kind >= 3 && isOutermost && random.Next(2) == 0)
        {
            operands.Insert(random.Next(operands.Count + 1), new Not(Pattern(random)));
        }

        return kind switch
        {
            < 2 => new AnyOf([.. operands]),
            2 => new AtLeast(random.Next(1, operands.Count + 1), [.. operands]),
            _ => new AllOf([.. operands]),
        };
    }

    public static TriggerEvent Event(Random random)
    {
        long[] sources = [Owner, Owner, Parent, 8];
        var (source, name) = (sources[random.Next(sources.Length)], random.Next(6) == 0 ? "Unblocked" : Names[random.Next(Names.Length)]);
        return random.Next(12) switch
        {
            < 3 => TriggerEvent.ForJob(source, name),
            < 8 => new(source, SubjectType.Work, name, Some(random, ["1", "2", "3", "4", "a b"])),
            < 10 => new(source, SubjectType.Subjob, name, Some(random, ["0", "1", "2"])),
            10 => new(source, SubjectType.Host, name, Some(random, ["h1", "h2", "h3"])),
            _ => TriggerEvent.ForGlobal(name),
        };
    }

    private static EventPattern Pattern(Random random)
    {
        var (name, context) = (Names[random.Next(Names.Length)], Contexts[random.Next(Contexts.Length)]);
        return random.Next(12) switch
        {
            < 3 => new(name, SubjectType.Job, context, ""),
            < 8 => new(name, SubjectType.Work, context, Works[random.Next(Works.Length)]),
            < 10 => new(name, SubjectType.Subjob, context, Instances[random.Next(Instances.Length)]),
            10 => new(name, SubjectType.Host, context, Hosts[random.Next(Hosts.Length)]),
            _ => new(name, SubjectType.Global, TriggerContext.None, ""),
        };
    }

    private static NameSet Some(Random random, string[] names) =>
        random.Next(2) == 0 ? NameSet.Of(names[random.Next(names.Length)]) : NameSet.Of(names.Where(_ => random.Next(2) == 0).Append(names[0]));
}

using FsCheck;
using FsCheck.Fluent;

namespace Qube.Triggers.Tests;

/// <summary>Random expression trees over the labels of one process group, as a parser could have read them.</summary>
public static class ExpressionGenerators
{
    public static readonly string[] Labels =
        ["render", "rib-gen", "job A", "lay-out-2 x", "lay-out", "lay", "Rock and Roll", "a.b:c", "RENDER-b", "self-made", "9-lives", "x-"];

    /// <summary>Labels that a context of digits, self or parent hides wherever an extra follows (rule 4 of §3).</summary>
    private static readonly string[] Hidden = ["self-made", "9-lives"];

    private static readonly string[] Names = ["complete", "done", "unblock", "compelte", "and", "or", "my_event2", "globaltime2", "self", "job"];

    private static readonly string[] Items =
        ["5", "-5", "005", "101-108", "Segment: 1-200", "Rock and Roll", "a.b", "x or y", "-", "*", "and", "made-5", "out-2 x-7", "b-1", "1,2", "\\"];

    public static Arbitrary<TriggerExpression> Expressions() => Gen.Sized(size => Expression(Math.Min(size, 40))).ToArbitrary();

    private static Gen<TriggerExpression> Expression(int size, bool isOutermost = true) => size < 2
        ? Pattern()
        : Gen.Frequency(
            (2, Pattern()),
            (2, Operands(size, isOutermost: false).SelectMany(operands => isOutermost ? WithNot(operands) : Gen.Constant((TriggerExpression)new AllOf([.. operands])))),
            (1, Operands(size, isOutermost: false).SelectMany(operands => Gen.Choose(1, operands.Length).Select(n => (TriggerExpression)new AtLeast(n, [.. operands])))),
            (2, Operands(size, isOutermost).Select(operands => (TriggerExpression)new AnyOf([.. operands]))));

    private static Gen<TriggerExpression[]> Operands(int size, bool isOutermost) =>
        Gen.Choose(2, 4).SelectMany(count => Expression(size / count, isOutermost).ArrayOf(count));

    /// <summary>An outermost `&amp;&amp;`; where a pattern of one job stands in it, perhaps with something that must not happen to that job.</summary>
    private static Gen<TriggerExpression> WithNot(TriggerExpression[] operands) =>
        operands.OfType<EventPattern>().FirstOrDefault(p => p.Type is SubjectType.Job or SubjectType.Work or SubjectType.Subjob && p.Context.Kind != ContextKind.Any)
            is { } beside
            ? from with in Gen.Elements(true, false)
              from name in Gen.Elements(Names)
              from at in Gen.Choose(0, operands.Length)
              select (TriggerExpression)new AllOf(with ? [.. operands[..at], new Not(beside with { Name = name }), .. operands[at..]] : [.. operands])
            : Gen.Constant((TriggerExpression)new AllOf([.. operands]));

    private static Gen<TriggerExpression> Pattern() =>
        from type in Gen.Elements(Enum.GetValues<SubjectType>())
        from name in Gen.Elements(Names)
        from context in Context(type)
        from item in Gen.Elements(Items)
        from number in Gen.Choose(0, 40)
        from time in Gen.Choose(-1_000_000, 800_000_000)
        select (TriggerExpression)(type switch
        {
            SubjectType.Job => new EventPattern(name, type, context, ""),
            SubjectType.Work or SubjectType.Host => new EventPattern(name, type, context, Unambiguous(context, item)),
            SubjectType.Subjob => new EventPattern(name, type, context, number == 0 ? "*" : $"{number}"),
            SubjectType.Time => new EventPattern(name, type, context, $"{time}"),
            SubjectType.Repeat => new EventPattern(name, type, context, $"{time}-{number + 1}"),
            SubjectType.GlobalTime => new EventPattern("", type, TriggerContext.None, $"{time}"),
            SubjectType.GlobalRepeat => new EventPattern("", type, TriggerContext.None, $"{time}-{number + 1}"),
            _ => new EventPattern(number % 4 == 0 ? "" : name, type, number % 3 == 0 || number % 4 == 0 ? TriggerContext.None : context, ""),
        });

    private static Gen<TriggerContext> Context(SubjectType type) => Gen.OneOf(
        Gen.Constant(TriggerContext.Self),
        Gen.Constant(TriggerContext.Parent),
        Gen.Constant(TriggerContext.Any),
        Gen.Choose(1, 100_000).Select(id => TriggerContext.ForJob(id)),
        Gen.Elements(Labels.Append("unknown").Where(label => type is SubjectType.Job or SubjectType.Global || !Hidden.Contains(label)).ToArray())
            .Select(TriggerContext.ForLabel));

    /// <summary>`lay` with item `out-b` is written like `lay-out` with item `b`, and is the latter: the longest label wins.</summary>
    private static string Unambiguous(TriggerContext context, string item) =>
        context.Kind == ContextKind.Label && LabelMatch.FindPrefix(Labels, $"{context.Label}-{item}") is { } read && read != context.Label ? "5" : item;
}

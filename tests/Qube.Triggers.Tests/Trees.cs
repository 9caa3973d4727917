namespace Qube.Triggers.Tests;

/// <summary>Short spellings for expression trees.</summary>
internal static class Trees
{
    public static TriggerContext Self => TriggerContext.Self;

    public static TriggerContext Label(string label) => TriggerContext.ForLabel(label);

    public static EventPattern Job(string name, TriggerContext context) => new(name, SubjectType.Job, context, "");

    public static EventPattern Item(string name, SubjectType type, TriggerContext context, string extra) => new(name, type, context, extra);

    public static AllOf All(params TriggerExpression[] operands) => new([.. operands]);

    public static AnyOf Any(params TriggerExpression[] operands) => new([.. operands]);

    public static TriggerExpression Parse(string text, params string[] labels)
    {
        var result = TriggerParser.Parse(text, labels);
        Assert.True(result.IsValid, result.Error?.Message);
        return result.Expression;
    }
}

namespace Qube.Triggers;

/// <summary>
/// `!a`, an operand of an `&amp;&amp;`: true while the event has not happened since that `&amp;&amp;` last fired, or since what it happened to
/// was retried. It fires nothing by itself: the `&amp;&amp;` fires at one of its other operands.
/// </summary>
/// <param name="Pattern">The event that must not have happened.</param>
public sealed record Not(EventPattern Pattern) : TriggerExpression
{
    public override string ToString() => $"!{Pattern}";
}

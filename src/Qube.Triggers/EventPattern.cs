namespace Qube.Triggers;

/// <summary>One event of a trigger: `name-type-context-extra` (callbacks.md §3).</summary>
/// <param name="Name">Event name in lower case, as written: `unblock` stays `unblock`. Empty for a bare `global`.</param>
/// <param name="Type">What it happens to.</param>
/// <param name="Context">The job listened to; none for global clocks, optional and without effect for `global`.</param>
/// <param name="Extra">
/// Item name, instance number, host name or `*`; for clocks "qtime" or "qtime-seconds"; empty where the type has none.
/// </param>
public sealed record EventPattern(string Name, SubjectType Type, TriggerContext Context, string Extra) : TriggerExpression
{
    public const string AnyItem = "*";

    /// <summary>True for `*` as the whole extra: any item of that job (Q5: no globbing inside a name).</summary>
    public bool IsWildcard => Type.HasItems() && Extra == AnyItem;

    /// <summary>The clock's time in Qube time and, for a periodic one, its interval; null for other patterns.</summary>
    public (long QubeTime, long? IntervalSeconds)? Clock =>
        Type.IsClock() && QubeTime.TryParseClock(Extra, Type is SubjectType.Repeat or SubjectType.GlobalRepeat, out var time, out var interval)
            ? (time, interval)
            : null;

    public override string ToString() => Type switch
    {
        SubjectType.GlobalTime or SubjectType.GlobalRepeat => $"{Type.Word()}-{Extra}",
        SubjectType.Global => (Name.Length == 0 ? "" : Name + "-") + Type.Word() +
                              (Context.Kind == ContextKind.None ? "" : $"-{Context}"),
        SubjectType.Job => $"{Name}-{Type.Word()}-{Context}",
        _ => $"{Name}-{Type.Word()}-{Context}-{Extra}",
    };
}

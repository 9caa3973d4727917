namespace Qube.Triggers;

/// <summary>One pattern of a callback as it stands: for `ready`, for `explain`, and for warnings about what can never fire.</summary>
/// <param name="Ordinal">Position in the expression.</param>
/// <param name="Pattern">As written.</param>
/// <param name="Source">The job it listens to; null while that is not known; <see cref="CallbackSet.AnySource"/> for context `*`.</param>
/// <param name="IsReady">True while an enclosing `&amp;&amp;` remembers it.</param>
/// <param name="Names">The names a wildcard remembers.</param>
/// <param name="IsNegated">It stands behind `!`: what is remembered of it keeps the `&amp;&amp;` from firing.</param>
public sealed record PatternState(int Ordinal, EventPattern Pattern, long? Source, bool IsReady, NameSet Names, bool IsNegated = false);

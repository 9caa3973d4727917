using System.Collections.Immutable;

namespace Qube.Domain.Submissions;

/// <summary>One callback as read (spec/callbacks.md §2).</summary>
/// <param name="Field">Where it stands: <c>callbacks[2]</c>.</param>
/// <param name="Triggers">As written; the elements of a list are alternatives.</param>
/// <param name="IsList">The triggers were a list, so errors name the element.</param>
/// <param name="Language">In lower case.</param>
/// <param name="Code">Source text or verb, as written.</param>
/// <param name="User">Null: the job's user.</param>
/// <param name="Max">How often it may run; -1 is without limit.</param>
/// <param name="Catchup">Null: the language's own default (design §5).</param>
public sealed record CallbackDraft(
    string Field,
    ImmutableArray<string> Triggers,
    bool IsList,
    string Language,
    string Code,
    string? User,
    int Max,
    bool? Catchup);

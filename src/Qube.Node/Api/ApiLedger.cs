using System.Collections.Immutable;
using Qube.Domain.Submissions;

namespace Qube.Node.Api;

// Requests.
internal sealed record RefireRequest(string? RequestId, string? User, string[]? Firings);

// Answers. Times are unix seconds.
// Next: ask again with before = next; 0 when there are no more.
internal sealed record FiringsAnswer(IReadOnlyList<FiringEntry> Firings, long Next);

internal sealed record FiringEntry(
    string Id,
    long Order,
    long Job,
    int Callback,
    string Language,
    string Code,
    string User,
    string State,
    string Outcome,
    double Time,
    FiringCause Cause,
    FiringAttempt[] Attempts,
    FiringLeaf[] Leaves);

internal sealed record FiringCause(string Event, string Log, long Seq, int Ordinal, int Depth);

// Again: it repeats an attempt that a crash cut off.
// Output: where its output begins in the job's .cb file; null where there is none.
internal sealed record FiringAttempt(
    int Number, double? Start, double? End, string State, string Outcome, string Node, string User, bool Again, FiringOutput? Output);

internal sealed record FiringOutput(long Pos, long Len);

internal sealed record FiringLeaf(int Ordinal, string Pattern, double Time, string Log, long Seq, string Item);

internal sealed record RefireAnswer(RefiredFiring[] Refired, string[]? Errors);

internal sealed record RefiredFiring(string Id, int Attempt);

internal sealed record CheckAnswer(
    bool Ok,
    IReadOnlyList<ApiErrors.ErrorDetail> Errors,
    ImmutableArray<string> Warnings,
    ImmutableArray<PlannedJob> Jobs,
    ImmutableArray<PlannedLink> Links,
    string Graph);

using System.Collections.Immutable;
using Qube.Contracts;

namespace Qube.Domain.Submissions;

/// <summary>What the farm knows that a submission is decided upon: data only, so that the decision is repeatable.</summary>
public sealed record SubmissionContext
{
    /// <summary>The id of the first job; the others follow. Provisional in a dry run.</summary>
    public long FirstId { get; init; }

    /// <summary>The highest id that had been issued before this submission.</summary>
    public long LastIssuedId { get; init; }

    /// <summary>The process group's members so far.</summary>
    public ImmutableArray<GroupMember> Members { get; init; } = [];

    /// <summary>The jobs that <see cref="SubmissionReferences"/> named.</summary>
    public ImmutableDictionary<long, JobMessages.Source> Sources { get; init; } = ImmutableDictionary<long, JobMessages.Source>.Empty;

    /// <summary>Languages that are switched on (<c>supervisor_language_flags</c>), in lower case.</summary>
    public ImmutableHashSet<string> EnabledLanguages { get; init; } = [.. CallbackLanguages.All, CallbackLanguages.Dependency];

    public SubmissionDefaults Defaults { get; init; } = new();

    /// <summary>The site's own callbacks, attached to every job (spec/callbacks.md §14).</summary>
    public UniversalCallbacks Universal { get; init; } = UniversalCallbacks.None;

    /// <summary>Where the farm's log stood when the ids were issued.</summary>
    public long FarmCursor { get; init; }

    public long NowMs { get; init; }

    /// <summary>Where the request came from, when it does not say.</summary>
    public string SourceHost { get; init; } = "";
}

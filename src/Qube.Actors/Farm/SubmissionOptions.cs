using System.Collections.Immutable;
using Qube.Domain.Submissions;

namespace Qube.Actors.Farm;

/// <summary>What submissions are decided upon that is the site's own.</summary>
public sealed record SubmissionOptions
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary><c>supervisor_language_flags</c>, lower case (spec/callbacks.md §10). A switched-off language is refused.</summary>
    public ImmutableHashSet<string> EnabledLanguages { get; init; } = [.. CallbackLanguages.All, CallbackLanguages.Dependency];

    public SubmissionDefaults Defaults { get; init; } = new();

    /// <summary>The site's own callbacks as they are now: read at every submission, so that an edit holds for the jobs after it (spec/callbacks.md §14).</summary>
    public Func<UniversalCallbacks> Universal { get; init; } = () => UniversalCallbacks.None;

    /// <summary>How long each question to the farm may take, repeats included. Longer: a client waits longer before it is told to try again.</summary>
    public TimeSpan AskLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many jobs that triggers name are asked at once.</summary>
    public int AsksAtOnce { get; init; } = 32;
}

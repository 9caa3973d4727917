using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>A link of a dependency with the job it means.</summary>
/// <param name="Link">As written; its target an id as soon as one is known, because labels may hold anything.</param>
/// <param name="Job">Null for a label that nobody has yet.</param>
internal sealed record ResolvedLink(DependencyLink Link, KnownJob? Job)
{
    public SubjectType Type => Link.Type;

    /// <summary>The event of the link; by item or instance with a wildcard.</summary>
    public EventPattern Pattern => Link.Pattern;

    /// <summary>The same state of the whole job.</summary>
    public ResolvedLink OfJob() => this with { Link = Link with { Type = SubjectType.Job } };

    public EventPattern PatternOf(string item) => Link.Pattern with { Extra = item };
}

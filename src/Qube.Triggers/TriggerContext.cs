using System.Globalization;

namespace Qube.Triggers;

/// <summary>The job a pattern listens to, as written; resolved to a job id when the callback is compiled.</summary>
/// <param name="Kind">Which of the forms it is.</param>
/// <param name="JobId">The id when <see cref="ContextKind.Job"/>, else 0.</param>
/// <param name="Label">The label when <see cref="ContextKind.Label"/>, else empty.</param>
public readonly record struct TriggerContext(ContextKind Kind, long JobId, string Label)
{
    public static TriggerContext None { get; } = new(ContextKind.None, 0, "");

    public static TriggerContext Self { get; } = new(ContextKind.Self, 0, "");

    public static TriggerContext Parent { get; } = new(ContextKind.Parent, 0, "");

    public static TriggerContext Any { get; } = new(ContextKind.Any, 0, "");

    public static TriggerContext ForJob(long jobId) => new(ContextKind.Job, jobId, "");

    public static TriggerContext ForLabel(string label) => new(ContextKind.Label, 0, label);

    public override string ToString() => Kind switch
    {
        ContextKind.Self => "self",
        ContextKind.Parent => "parent",
        ContextKind.Job => JobId.ToString(CultureInfo.InvariantCulture),
        ContextKind.Label => Label,
        ContextKind.Any => "*",
        _ => "",
    };
}

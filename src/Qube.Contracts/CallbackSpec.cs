namespace Qube.Contracts;

/// <summary>One callback as accepted (spec/callbacks.md §2). A submission's triggers are parsed before this record exists.</summary>
public sealed record CallbackSpec
{
    /// <summary>1-based within its job.</summary>
    public int Id { get; init; }

    /// <summary>The canonical trigger text; a list in the submission is joined by <c>||</c>.</summary>
    public string Triggers { get; init; } = "";

    /// <summary><c>qube</c>, <c>python</c>, <c>perl</c>, <c>mail</c>, <c>webhook</c>; internally <c>dependency</c> (spec/callbacks.md §10).</summary>
    public string Language { get; init; } = "";

    /// <summary>A verb (§11), source text or a URL.</summary>
    public string Code { get; init; } = "";

    public string User { get; init; } = "";

    /// <summary>How often it may run; -1 is without limit.</summary>
    public int Max { get; init; } = -1;

    /// <summary>Whether what is already true when it is registered counts as one match (design §5).</summary>
    public bool Catchup { get; init; }

    /// <summary>Internal links only: the owner's item that this one frees, where names differ (spec/callbacks.md Q16); else null.</summary>
    public string? TargetItem { get; init; }
}

namespace Qube.Domain.Submissions;

/// <summary>Languages of callbacks (spec/callbacks.md §10).</summary>
public static class CallbackLanguages
{
    public const string Qube = "qube";
    public const string Python = "python";
    public const string Perl = "perl";
    public const string Mail = "mail";

    /// <summary>What a <c>dependency</c> turns into; nobody submits it.</summary>
    public const string Dependency = "dependency";

    /// <summary>What a submission may name.</summary>
    public static IReadOnlyList<string> All { get; } = [Qube, Python, Perl, Mail];

    /// <summary>The supervisor makes these itself; they come back in a job that is submitted again and are then made anew.</summary>
    internal static bool IsInternal(string language) => language is Dependency or "auto_wrangling";
}

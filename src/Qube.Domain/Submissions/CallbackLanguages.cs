namespace Qube.Domain.Submissions;

/// <summary>Languages of callbacks (spec/callbacks.md §10).</summary>
public static class CallbackLanguages
{
    public const string Qube = "qube";
    public const string Python = "python";
    public const string Perl = "perl";
    public const string Mail = "mail";

    /// <summary>Ours: the code is a URL that the event is posted to.</summary>
    public const string Webhook = "webhook";

    /// <summary>What a <c>dependency</c> turns into; nobody submits it.</summary>
    public const string Dependency = "dependency";

    /// <summary>What a submission may name.</summary>
    public static IReadOnlyList<string> All { get; } = [Qube, Python, Perl, Mail, Webhook];

    /// <summary>The supervisor makes these itself; they come back in a job that is submitted again and are then made anew.</summary>
    internal static bool IsInternal(string language) => language is Dependency or "auto_wrangling";
}

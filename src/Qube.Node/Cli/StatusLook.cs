namespace Qube.Node.Cli;

/// <summary>A status's glyph and tone: Qube!'s colours, and a glyph and a word beside each for those who cannot tell them apart (style.md, Web page).</summary>
public static class StatusLook
{
    public static (string Glyph, Tone Tone) Of(string status) => status switch
    {
        "running" => ("▶", Tone.Running),
        "registering" => ("▷", Tone.Running),
        "complete" => ("✔", Tone.Complete),
        "failed" => ("✘", Tone.Failed),
        "killed" => ("✖", Tone.Failed),
        "badlogin" => ("!", Tone.Failed),
        "dying" => ("◁", Tone.Failed),
        "pending" => ("○", Tone.Pending),
        "blocked" => ("■", Tone.Blocked),
        "suspended" => ("‖", Tone.Blocked),
        "waiting" => ("◌", Tone.Waiting),
        _ => ("?", Tone.Plain),
    };

    /// <summary>Complete, failed or killed (spec/jobs.md §6).</summary>
    public static bool IsDone(string status) => status is "complete" or "failed" or "killed";
}

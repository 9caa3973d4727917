using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <summary>A firing and what has become of it.</summary>
internal sealed class FiringRecord(string id, CallbackSpec callback, Firing firing, string eventText, int depth, long atMs)
{
    public string Id { get; } = id;

    public CallbackSpec Callback { get; } = callback;

    public Firing Firing { get; } = firing;

    /// <summary>What fired it, <c>complete-work-ribgen-5</c>: <c>qb.event()</c>.</summary>
    public string EventText { get; } = eventText;

    public int Depth { get; } = depth;

    public long AtMs { get; } = atMs;

    public bool Done { get; set; }

    public string Outcome { get; set; } = "";
}

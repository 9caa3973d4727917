using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <summary>A firing and what has become of it.</summary>
internal sealed class FiringRecord(string id, CallbackSpec callback, Firing firing, int depth, long atMs)
{
    public string Id { get; } = id;

    public CallbackSpec Callback { get; } = callback;

    public Firing Firing { get; } = firing;

    public int Depth { get; } = depth;

    public long AtMs { get; } = atMs;

    public bool Done { get; set; }

    public string Outcome { get; set; } = "";
}

namespace Qube.Contracts;

/// <summary>User-defined events, hosts as sources of events, and global callbacks (src/Qube.Actors/Callbacks/DESIGN.md).</summary>
public static class EventMessages
{
    /// <summary>To a job: write this event into your log. Answered by <see cref="JobMessages.ControlDone"/>; nothing affected means that there is
    /// no such job, item or instance.</summary>
    public sealed record RaiseOfJob
    {
        public JobId JobId { get; init; }

        /// <summary>Applied once.</summary>
        public string RequestId { get; init; } = "";

        public string Name { get; init; } = "";

        /// <summary>The item it is about; null for none.</summary>
        public string? Item { get; init; }

        /// <summary>The instance it is about; -1 for none.</summary>
        public int Instance { get; init; } = -1;

        public string User { get; init; } = "";

        public int Depth { get; init; }

        /// <summary>Only a job of one of <see cref="Owners"/> does it (spec/scheduling.md §13).</summary>
        public bool IsLimited { get; init; }

        /// <summary>Whose jobs whoever asks may do this to, where that is limited; none is nobody's.</summary>
        public string[] Owners { get; init; } = [];
    }

    /// <summary>To a host: the same. Answered by <see cref="Raised"/>.</summary>
    public sealed record RaiseOfHost
    {
        public string Host { get; init; } = "";

        public string RequestId { get; init; } = "";

        public string Name { get; init; } = "";

        public string User { get; init; } = "";

        public int Depth { get; init; }
    }

    /// <summary>To the farm: the same. Answered by <see cref="Raised"/>.</summary>
    public sealed record RaiseOfFarm
    {
        public string RequestId { get; init; } = "";

        public string Name { get; init; } = "";

        public string User { get; init; } = "";

        public int Depth { get; init; }
    }

    /// <summary>The event is on file.</summary>
    public sealed record Raised
    {
        public string RequestId { get; init; } = "";

        public bool Exists { get; init; } = true;
    }

    /// <summary>Host → farm: I have a log; answered by <see cref="HostNoted"/> after the commit.</summary>
    public sealed record NoteHost
    {
        public string Host { get; init; } = "";
    }

    public sealed record HostNoted
    {
        public string Host { get; init; } = "";
    }

    /// <summary>Farm → host, at a start: tell the dispatcher what your log says of you.</summary>
    public sealed record WakeHost
    {
        public string Host { get; init; } = "";
    }

    /// <summary>Host → dispatcher: what the log says of a host that perhaps nobody will hear of again.</summary>
    public sealed record HostKnown
    {
        public string Host { get; init; } = "";

        public string State { get; init; } = "";

        public string BootId { get; init; } = "";
    }

    /// <summary>The hosts that have a log.</summary>
    public sealed record GetHostNames
    {
        /// <summary>Only hosts after this name: where the page before ended.</summary>
        public string After { get; init; } = "";
    }

    public sealed record HostNames
    {
        public string[] Names { get; init; } = [];

        /// <summary>Empty when that was the last page.</summary>
        public string Next { get; init; } = "";
    }

    /// <summary>Accept this global callback; its id is given by the farm. Answered by <see cref="GlobalAdded"/>.</summary>
    public sealed record AddGlobal
    {
        public string RequestId { get; init; } = "";

        public CallbackSpec Callback { get; init; } = new();
    }

    public sealed record GlobalAdded
    {
        public CallbackSpec Callback { get; init; } = new();
    }

    /// <summary>Remove global callbacks; a script of theirs that runs is stopped. Answered by <see cref="GlobalIds"/>: those removed.</summary>
    public sealed record RemoveGlobals
    {
        public int[] Ids { get; init; } = [];

        public string User { get; init; } = "";
    }

    /// <summary>Which global callbacks there are. Answered by <see cref="GlobalIds"/>.</summary>
    public sealed record GetGlobals;

    public sealed record GlobalIds
    {
        public int[] Ids { get; init; } = [];
    }

    /// <summary>A global callback with its firings, in JSON. Answered by <see cref="JobMessages.JobReply"/>, whose job is none.</summary>
    public sealed record GetGlobal
    {
        public int Id { get; init; }
    }
}

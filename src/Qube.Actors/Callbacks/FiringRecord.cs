using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <summary>A firing and what has become of it.</summary>
internal sealed class FiringRecord(string id, long order, CallbackSpec callback, Firing firing, string eventText, long source, int depth, long atMs)
{
    public string Id { get; } = id;

    /// <summary>Its place among the firings of the job, from 1.</summary>
    public long Order { get; } = order;

    public CallbackSpec Callback { get; } = callback;

    public Firing Firing { get; } = firing;

    /// <summary>What fired it, <c>complete-work-ribgen-5</c>: <c>qb.event()</c>.</summary>
    public string EventText { get; } = eventText;

    /// <summary>Where that event stands, by the number under which the journal knows the source.</summary>
    public long Source { get; } = source;

    public int Depth { get; } = depth;

    public long AtMs { get; } = atMs;

    /// <summary>The trigger's leaves as they were when it fired; those that had matched only.</summary>
    public LeafMark[] Leaves { get; init; } = [];

    public List<LedgerMessages.AttemptRow> Attempts { get; } = [];

    public FiringState State { get; set; }

    public string Outcome { get; set; } = "";

    /// <summary>1, and one more for each time that somebody had it done again by hand.</summary>
    public int Run { get; set; } = 1;

    /// <summary>Who has it done: the callback's user, or who had it done again.</summary>
    public string User { get; set; } = callback.User;

    /// <summary>The item of this job that it is about, or null.</summary>
    public string? Item => Firing.Works.OnlyName ?? Firing.Current;

    /// <summary>The instance of this job that it is about, or null.</summary>
    public int? Instance => int.TryParse(Firing.Instances.OnlyName, out var instance) ? instance : null;

    /// <summary>A verb of <c>qube</c> that leaves the farm, as the language <c>mail</c> does (spec/callbacks.md §12).</summary>
    public bool IsMailVerb => Callback.Language == "qube" && Callback.Code.StartsWith("mail-", StringComparison.Ordinal);

    /// <summary>Nothing follows by itself.</summary>
    public bool Done => State is FiringState.Done or FiringState.Failed or FiringState.Dead;

    /// <summary>The action's idempotency key: the same for every repetition after a crash, another when somebody wants it done again.</summary>
    public string Key => KeyOf(Id, Run);

    /// <summary>Number of the attempt that is under way, or else of the next.</summary>
    public int CurrentAttempt => Attempts is [.., { EndedMs: 0 } open] ? open.Number : Attempts.Count + 1;

    public static string KeyOf(string firing, int run) => run <= 1 ? firing : $"{firing}#{run}";
}

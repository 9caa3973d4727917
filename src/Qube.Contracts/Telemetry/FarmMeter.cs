using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Qube.Contracts.Telemetry;

/// <summary>What a node measures of itself while it works, for <c>/metrics</c> (design.md §7). One per process: farms that share a process, as
/// tests have it, are counted together. Times are seconds.</summary>
public static class FarmMeter
{
    /// <summary>The meter's name, to be listened to.</summary>
    public const string Name = "Qube";

    private static readonly Meter Meter = new(Name);

    private static readonly InstrumentAdvice<double> CommitSeconds = new() { HistogramBucketBoundaries = [.0005, .001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 5] };

    private static readonly InstrumentAdvice<double> WaitSeconds = new() { HistogramBucketBoundaries = [.001, .005, .01, .05, .1, .5, 1, 5, 10, 60, 600, 3600] };

    private static readonly ConcurrentDictionary<object, long> Behind = [];

    private static readonly ConcurrentDictionary<string, Func<int>> Mailboxes = [];

    /// <summary>How long each commit of the journal took, the disk included.</summary>
    public static readonly Histogram<double> JournalWrite = Meter.CreateHistogram("qube.journal.write", "s", "Time of one commit of the journal.", advice: CommitSeconds);

    public static readonly Counter<long> JournalEvents = Meter.CreateCounter<long>("qube.journal.events", description: "Events stored in the journal.");

    public static readonly Counter<long> JournalFailures = Meter.CreateCounter<long>("qube.journal.failures", description: "Commits of the journal that failed.");

    /// <summary>From when the dispatcher hears that a job wants an instance to the grant of a host for it.</summary>
    public static readonly Histogram<double> DispatchWait = Meter.CreateHistogram("qube.dispatch.wait", "s", "How long an instance waited for its host.", advice: WaitSeconds);

    /// <summary>From an event's commit to its being folded by a callback that follows its log.</summary>
    public static readonly Histogram<double> CallbackLag = Meter.CreateHistogram("qube.callback.lag", "s", "Age of an event when a callback has folded it.", advice: WaitSeconds);

    /// <summary>By <c>status</c>: complete, failed or killed; pending for one that is tried again.</summary>
    public static readonly Counter<long> FramesEnded = Meter.CreateCounter<long>("qube.frames.ended", description: "Frames, and commands of jobs without any, that ended, by status.");

    /// <summary>By <c>state</c>: used, free, locked; slots of hosts that are up.</summary>
    public static readonly Gauge<long> Slots = Meter.CreateGauge<long>("qube.slots", description: "Slots of the hosts that are up, by state.");

    /// <summary>By <c>state</c>: active, down.</summary>
    public static readonly Gauge<long> Hosts = Meter.CreateGauge<long>("qube.hosts", description: "Render hosts, by state.");

    /// <summary>Instances that jobs want and have no host yet.</summary>
    public static readonly Gauge<long> InstancesWaiting = Meter.CreateGauge<long>("qube.instances.waiting", description: "Instances that wait for a host.");

#pragma warning disable IDE0052, CA1823 // They live as long as the meter and are asked by it.
    private static readonly ObservableGauge<double> CallbackOldest = Meter.CreateObservableGauge(
        "qube.callback.oldest", OldestBehind, "s", "How long the callback that is furthest behind has known of an event that it has not folded.");

    private static readonly ObservableGauge<int> Mailbox = Meter.CreateObservableGauge(
        "qube.mailbox.depth", () => Mailboxes.Select(box => new Measurement<int>(box.Value(), KeyValuePair.Create("actor", (object?)box.Key))), description: "Messages that wait for an actor of which there is one.");
#pragma warning restore IDE0052, CA1823

    /// <summary>Says that <paramref name="follower"/> knows of an event that it has not folded; from the first time until <see cref="CaughtUp"/>.</summary>
    public static void FellBehind(object follower) => Behind.TryAdd(follower, Environment.TickCount64);

    /// <summary>Nothing is outstanding any more, or the follower is gone.</summary>
    public static void CaughtUp(object follower) => Behind.TryRemove(follower, out _);

    /// <summary>Reports a mailbox from now on; a later one of the same name takes its place.</summary>
    /// <param name="name">The actor's.</param>
    /// <param name="depth">How many messages wait; called from any thread.</param>
    public static void ReportMailbox(string name, Func<int> depth) => Mailboxes[name] = depth;

    private static double OldestBehind()
    {
        var now = Environment.TickCount64;
        return Behind.Values.Select(since => now - since).DefaultIfEmpty(0).Max() / 1000.0;
    }
}

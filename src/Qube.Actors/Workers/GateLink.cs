using Akka.Actor;
using Qube.Actors.Paging;
using Qube.Contracts;

namespace Qube.Actors.Workers;

/// <summary>
/// A worker's end of the conversation with the farm's gates: heartbeats to the one in use, now and then to the others, and the move to the
/// next when it stays silent (design.md §2).
/// </summary>
/// <remarks>All gates know this host, so that a job reaches it from whichever supervisor it lives on; one gate gets the reports.</remarks>
internal sealed class GateLink
{
    /// <summary>An answer that was longer under way renews no lease: the farm's margin beyond a lease (10 s, design §4) must not be used up by a
    /// message in some buffer, as when this machine was frozen.</summary>
    private const int MaxAnswerAgeMs = 5000;

    /// <summary>Characters of results from which a report is measured: they may be three bytes each.</summary>
    private const int LongResult = 10_000;

    private readonly List<ICanTell> _gates;
    private readonly HashSet<string> _given;
    private readonly Func<string, ICanTell>? _gateAt;
    private readonly WorkerOptions _options;
    private WorkerMessages.Attach _attach;
    private readonly IActorRef _self;
    private int _current;
    private int _beats;
    private long _lastBeatMs = long.MinValue / 2;
    private long _unansweredSinceMs = -1;
    private bool _hadGap = true;
    private IActorRef? _answering;

    /// <param name="gates">Those that are known from the start; the first is tried first.</param>
    /// <param name="options">Of the worker node.</param>
    /// <param name="attach">What this host says of itself.</param>
    /// <param name="self">The worker node.</param>
    /// <param name="gateAt">The gate of a supervisor by its address; null where there are no others to learn of.</param>
    public GateLink(IReadOnlyList<ICanTell> gates, WorkerOptions options, WorkerMessages.Attach attach, IActorRef self, Func<string, ICanTell>? gateAt = null)
    {
        if (gates.Count == 0)
        {
            throw new ArgumentException("a worker node needs at least one gate", nameof(gates));
        }

        _gates = [.. gates];
        _given = [.. gates.Select(AddressOf)];
        _gateAt = gateAt;
        _options = options;
        _attach = attach;
        _self = self;
    }

    /// <summary>Reports to the gate in use. One with a long result goes in pages where the gate is in another process.</summary>
    public void Tell(object message, IActorContext context)
    {
        if (_gateAt is not null && message is WorkerMessages.Report report && report.Ended.Sum(end => end.Result.Length) > LongResult)
        {
            Pages.Send(context, _gates[_current], message);
        }
        else
        {
            _gates[_current].Tell(message, _self);
        }
    }

    public void Beat(WorkerClock now)
    {
        _lastBeatMs = now.MonotonicMs;
        var attach = _attach with { Beat = now.MonotonicMs };
        _unansweredSinceMs = _unansweredSinceMs < 0 ? now.MonotonicMs : _unansweredSinceMs;
        for (var gate = 0; gate < _gates.Count; gate++)
        {
            if (gate == _current || _beats % _options.PeerGateBeats == 0)
            {
                _gates[gate].Tell(attach, _self);
            }
        }

        _beats++;
    }

    /// <summary>From the next beat on, which goes to all gates, this host takes nothing more.</summary>
    public void Drain()
    {
        _attach = _attach with { Slots = 0 };
        _beats = 0;
    }

    public static bool RenewsLease(WorkerMessages.Attached answer, WorkerClock now) => now.MonotonicMs - answer.Beat <= MaxAnswerAgeMs;

    public void OnTick(WorkerClock now)
    {
        if (_unansweredSinceMs >= 0 && now.MonotonicMs - _unansweredSinceMs >= _options.GateAnswerMs)
        {
            _current = (_current + 1) % _gates.Count;
            (_unansweredSinceMs, _hadGap, _beats) = (-1, true, 0);
            Beat(now);
        }
        else if (now.MonotonicMs - _lastBeatMs >= _options.HeartbeatMs)
        {
            Beat(now);
        }
    }

    /// <summary>True when the gate in use answers for the first time, again after silence, or as another incarnation: what was said
    /// meanwhile may be lost.</summary>
    public bool OnAnswer(IActorRef sender)
    {
        if (!IsCurrent(sender))
        {
            return false;
        }

        _unansweredSinceMs = -1;
        var isNew = _hadGap || !sender.Equals(_answering);
        (_hadGap, _answering) = (false, sender);
        return isNew;
    }

    /// <summary>The supervisors there are: each must know this host, because a job speaks to it from wherever the job lives. One that has gone is left out,
    /// unless it was given at the start.</summary>
    public void Learn(string[] supervisors)
    {
        if (_gateAt is null || supervisors.Length == 0)
        {
            return;
        }

        var known = _gates.Select(AddressOf).ToHashSet(StringComparer.Ordinal);
        foreach (var address in supervisors.Where(address => !known.Contains(address)))
        {
            var gate = _gateAt(address);
            _gates.Add(gate);
            gate.Tell(_attach with { Beat = _lastBeatMs }, _self);
        }

        var current = _gates[_current];
        _gates.RemoveAll(gate => gate != current && AddressOf(gate) is var address && !_given.Contains(address) && !supervisors.Contains(address, StringComparer.Ordinal));
        _current = _gates.IndexOf(current);
    }

    private static string AddressOf(ICanTell gate) => gate switch
    {
        ActorSelection selection => selection.Anchor.Path.Address.ToString(),
        IActorRef actor => actor.Path.Address.ToString(),
        _ => "",
    };

    private bool IsCurrent(IActorRef sender) => _gates.Count == 1 || _gates[_current] switch
    {
        IActorRef gate => gate.Equals(sender),
        ActorSelection gate => gate.Anchor.Path.Address.Equals(sender.Path.Address)
            && gate.PathString == sender.Path.ToStringWithoutAddress(),
        _ => true,
    };
}

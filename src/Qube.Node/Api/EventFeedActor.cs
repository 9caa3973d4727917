using System.Threading.Channels;
using Akka.Actor;
using Qube.Actors;
using Qube.Actors.Paging;
using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Node.Api;

/// <summary>One reader's events: subscribed at this node's bus, named by what their job says of itself, in the order of each log.</summary>
internal sealed class EventFeedActor : ReceiveActor
{
    /// <summary>Envelopes that wait for one job's answer; more means that it does not come.</summary>
    private const int MaxWaiting = 1000;

    private readonly FarmRefs _farm;
    private readonly EventFilter _wanted;
    private readonly ChannelWriter<string> _queue;
    private readonly Dictionary<long, Known> _known = [];
    private readonly Dictionary<long, List<BusMessages.Envelope>> _waiting = [];

    public EventFeedActor(FarmRefs farm, EventFilter wanted, ChannelWriter<string> queue)
    {
        (_farm, _wanted, _queue) = (farm, wanted, queue);
        Receive<BusMessages.Envelope>(OnEnvelope);
        Receive<JobMessages.Source>(OnSource);
        Receive<JobMessages.Page>(page => Pages.Whole(page, Self).PipeTo(Self));
        Receive<BusMessages.Heads>(_ => { });
    }

    public static Props Props(FarmRefs farm, EventFilter wanted, ChannelWriter<string> queue) =>
        Akka.Actor.Props.Create(() => new EventFeedActor(farm, wanted, queue));

    protected override void PreStart()
    {
        // Members of a group are known by their own word only: a group is all sources, sifted here.
        var sources = _wanted.IsEverything || _wanted.Groups.Length > 0 ? [EventSources.Every] : _wanted.Jobs;
        _farm.Bus.Tell(new BusMessages.Subscribe { Sources = sources });
    }

    protected override void PostStop() => _queue.TryComplete();

    private void OnEnvelope(BusMessages.Envelope envelope)
    {
        var source = envelope.Source.Value;
        if (!EventSources.IsJob(source))
        {
            if (_wanted.IsEverything)
            {
                Say(EventText.OfNoJob(envelope));
            }

            return;
        }

        if (envelope.Created is { } created)
        {
            _known[source] = new(created.Spec.Pgrp, created.Spec.Label, created.Spec.Agenda is null ? null : Agenda.FromSpec(created.Spec.Agenda).Value);
        }

        if (_known.TryGetValue(source, out var job))
        {
            Emit(envelope, job);
            return;
        }

        if (!_waiting.TryGetValue(source, out var waiting))
        {
            _waiting.Add(source, waiting = []);
            _farm.Jobs.Tell(new JobMessages.GetSource { JobId = envelope.Source });
        }

        waiting.Add(envelope);
        if (waiting.Count > MaxWaiting)
        {
            Context.Stop(Self);
        }
    }

    private void OnSource(JobMessages.Source source)
    {
        var job = new Known(source.Pgrp, source.Label, source.Agenda is null ? null : Agenda.FromSpec(source.Agenda).Value);
        _known[source.JobId.Value] = job;
        if (_waiting.Remove(source.JobId.Value, out var waiting))
        {
            foreach (var envelope in waiting)
            {
                Emit(envelope, job);
            }
        }
    }

    private void Emit(BusMessages.Envelope envelope, Known job)
    {
        if (!_wanted.Wants(envelope.Source.Value, job.Pgrp))
        {
            return;
        }

        Say(EventText.Of(envelope, job.Pgrp, job.Label, job.Agenda));
    }

    private void Say(IEnumerable<string> events)
    {
        foreach (var text in events)
        {
            if (!_queue.TryWrite(text))
            {
                // A reader that is so far behind is better off reading anew than being told a part.
                _queue.TryComplete();
                Context.Stop(Self);
                return;
            }
        }
    }

    private sealed record Known(long Pgrp, string Label, Agenda? Agenda);
}

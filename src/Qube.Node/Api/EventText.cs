using System.Text.Json;
using Qube.Actors;
using Qube.Actors.Hosts;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;

namespace Qube.Node.Api;

/// <summary>One commit of a job as server-sent events.</summary>
internal static class EventText
{
    public static IEnumerable<string> Of(BusMessages.Envelope envelope, long pgrp, string label, Agenda? agenda)
    {
        var (events, atMs) = envelope switch
        {
            { Created: { } created } => (Lifecycle.Of(created), created.AtMs),
            { Batch: { } batch } => (Lifecycle.Of(batch), batch.AtMs),
            _ => ([], 0L),
        };
        var job = envelope.Source.Value;
        foreach (var one in events)
        {
            var (item, items) = Items(one.Items, agenda);
            var data = new EventData(
                $"job-{job}",
                envelope.SequenceNr,
                $"{one.Name}-{one.Subject.ToString().ToLowerInvariant()}",
                job,
                pgrp,
                label,
                item,
                items,
                one.Instance >= 0 ? one.Instance : null,
                atMs / 1000.0);
            yield return $"id: job-{job}/{envelope.SequenceNr}/{one.Ordinal}\ndata: {JsonSerializer.Serialize(data, ApiJson.Readable.EventData)}\n\n";
        }
    }

    /// <summary>One entry of a host's log or of the farm's; of a host, the item is its name.</summary>
    public static IEnumerable<string> OfNoJob(BusMessages.Envelope envelope)
    {
        var isHost = envelope.Host.Length > 0;
        var log = isHost ? Names.Host(envelope.Host) : Names.Farm;
        var (names, atMs) = envelope switch
        {
            { FarmRaised: { } raised } => ((IReadOnlyList<string>)[raised.Name], raised.AtMs),
            { Entry: { } entry } => (HostLifecycle.Of(entry), HostLifecycle.AtMs(entry)),
            _ => ([], 0L),
        };
        for (var ordinal = 0; ordinal < names.Count; ordinal++)
        {
            var text = isHost ? $"{names[ordinal]}-host" : names[ordinal].Length > 0 ? $"{names[ordinal]}-global" : "global";
            var data = new EventData(log, envelope.SequenceNr, text, 0, 0, "", isHost ? envelope.Host : null, null, null, atMs / 1000.0);
            yield return $"id: {log}/{envelope.SequenceNr}/{ordinal}\ndata: {JsonSerializer.Serialize(data, ApiJson.Readable.EventData)}\n\n";
        }
    }

    private static (string? Item, string? Items) Items(int[]? pairs, Agenda? agenda)
    {
        if (pairs is null || agenda is null)
        {
            return (null, null);
        }

        if (pairs.Length == 2 && pairs[0] == pairs[1])
        {
            return pairs[0] < agenda.Count ? (agenda.NameOf(pairs[0]), null) : (null, null);
        }

        var seqs = IntervalSet.FromPairs(pairs);
        return (null, RangeFunctions.Join(seqs.Values().Where(seq => seq < agenda.Count).Select(agenda.NameOf)));
    }
}

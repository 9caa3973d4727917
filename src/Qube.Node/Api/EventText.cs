using System.Text.Json;
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

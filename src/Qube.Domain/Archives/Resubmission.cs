using System.Text.Json;
using System.Text.Json.Nodes;
using Qube.Domain.Ranges;

namespace Qube.Domain.Archives;

/// <summary>A job that is archived and submitted again: what was submitted stays, what the farm made of it goes.</summary>
public static class Resubmission
{
    private static readonly string[] OfTheFarm =
    [
        "id", "subjobstatus", "agendastatus", "cpustally", "todotally", "todo", "subjobs", "timesubmit", "timestart", "timecomplete", "lastupdate", "deadline", "eta",
        "reason", "sourcehost", "localorder", "globalorder", "auto_migrate_count", "path", "queue", "serverid", "prototypepath", "logpath",
    ];

    private static readonly string[] OfTheFarmInItems =
    [
        "id", "seq", "pid", "subid", "host", "address", "macaddress", "count", "percent", "exitcode", "result", "resultpackage", "timestart", "timecomplete", "lastupdate",
        "timesubmit", "time_cumulative", "timestart_ms", "timecomplete_ms",
    ];

    /// <summary>The dictionary to submit. A job that was on a farm leaves its process group and its owner behind; one that was only described keeps both.</summary>
    /// <param name="archived">The job of an archive.</param>
    public static JsonObject Of(JsonObject archived)
    {
        ArgumentNullException.ThrowIfNull(archived);
        var job = (JsonObject)archived.DeepClone();
        var wasSubmitted = Text(job, "id") is { Length: > 0 } id && id is not ("0" or "-1");
        if (wasSubmitted)
        {
            foreach (var name in (string[])[.. OfTheFarm, "pgrp", "user"])
            {
                job.Remove(name);
            }
        }

        if (Text(job, "status") is not ("blocked" or null))
        {
            job.Remove("status");
        }

        if (job["agenda"] is JsonArray agenda)
        {
            foreach (var item in agenda.OfType<JsonObject>())
            {
                CleanItem(item, wasSubmitted);
            }
        }

        return job;
    }

    /// <summary>The job with its range written out as items: archives hold items.</summary>
    /// <exception cref="FormatException">The range is none.</exception>
    public static JsonObject WithItems(JsonObject job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var whole = (JsonObject)job.DeepClone();
        if (whole["agenda"] is JsonObject range)
        {
            whole["agenda"] = new JsonArray([.. ItemNames(range).Select(name => (JsonNode)new JsonObject { ["name"] = name })]);
        }

        return whole;
    }

    /// <summary>The items that a range object of a submission stands for.</summary>
    /// <exception cref="FormatException">The range is none.</exception>
    public static IEnumerable<string> ItemNames(JsonObject range)
    {
        ArgumentNullException.ThrowIfNull(range);
        var frames = FrameRange.Parse(Text(range, "range") ?? "", true);
        if (!frames.IsOk)
        {
            throw new FormatException($"'{Text(range, "range")}' is no frame range: {frames.Error}");
        }

        var order = IsTrue(range, "binarySort") ? AgendaOrder.Binary : IsTrue(range, "reverse") ? AgendaOrder.Reverse : AgendaOrder.AsGiven;
        var size = int.TryParse(Text(range, "n"), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 1;
        var agenda = Text(range, "type") switch
        {
            "chunks" => Agenda.OfChunks(size, frames.Value, order),
            "partitions" => Agenda.OfPartitions(size, frames.Value, order),
            _ => Agenda.OfFrames(frames.Value, order),
        };
        return agenda.IsOk ? agenda.Value.Names() : throw new FormatException($"found {agenda.Error.Found}, expected {agenda.Error.Expected}");
    }

    private static void CleanItem(JsonObject item, bool wasSubmitted)
    {
        if (wasSubmitted)
        {
            foreach (var name in OfTheFarmInItems)
            {
                item.Remove(name);
            }
        }

        if (Text(item, "status") is not ("blocked" or null))
        {
            item.Remove("status");
        }
    }

    private static bool IsTrue(JsonObject owner, string name) => owner[name]?.GetValueKind() == JsonValueKind.True;

    private static string? Text(JsonObject owner, string name) => owner[name] is JsonValue value
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
        : null;
}

using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Submissions;

namespace Qube.Domain.Jobs;

/// <summary>Which attributes may change after submission, and how (spec/jobs.md §1, modifiable list).</summary>
public static class JobAttributes
{
    private static readonly FrozenSet<string> Known = new[]
    {
        "priority", "name", "account", "cluster", "restrictions", "requirements", "reservations", "groups", "hosts", "omithosts", "omitgroups", "hostorder", "retrywork",
        "retrysubjob", "retrywork_delay", "timeout", "agendatimeout", "agenda_timeout", "timelimit", "agenda_timelimit", "pgrp", "label", "env", "package",
        "preflights", "postflights", "agenda_preflights", "agenda_postflights",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the attribute does anything but stand in the job's dictionary.</summary>
    public static bool Knows(string name) => Known.Contains(name);

    /// <summary>The spec with the attributes of a JSON object changed; what is unknown stays for the job's dictionary alone.</summary>
    public static JobSpec Apply(JobSpec spec, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return spec;
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                spec = Apply(spec, property.Name, property.Value);
            }

            return spec;
        }
        catch (JsonException)
        {
            return spec;
        }
    }

    private static JobSpec Apply(JobSpec spec, string name, JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText();
        var number = int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var parsed) ? parsed : (int?)null;
        return name switch
        {
            "priority" when number is { } n => spec with { Priority = Math.Clamp(n, 1, 9999) },
            "name" => spec with { Name = text },
            "account" => spec with { Account = text },
            "cluster" => spec with { Cluster = text },
            "restrictions" => spec with { Restrictions = text },
            "requirements" => spec with { Requirements = text },
            "reservations" => spec with { Reservations = text },
            "groups" => spec with { Groups = text },
            "hosts" => spec with { Hosts = text },
            "omithosts" => spec with { OmitHosts = text },
            "omitgroups" => spec with { OmitGroups = text },
            "hostorder" => spec with { HostOrder = text },
            "retrywork" when number is { } n => spec with { RetryWork = n },
            "retrysubjob" when number is { } n => spec with { RetrySubjob = n },
            "retrywork_delay" when number is { } n => spec with { RetryWorkDelaySeconds = Math.Max(0, n) },
            "timeout" when number is { } n => spec with { TimeoutSeconds = Math.Max(0, n) },
            "agendatimeout" or "agenda_timeout" when number is { } n => spec with { AgendaTimeoutSeconds = Math.Max(0, n) },
            "timelimit" when number is { } n => spec with { TimeLimitSeconds = Math.Max(0, n) },
            "agenda_timelimit" when number is { } n => spec with { AgendaTimeLimitSeconds = Math.Max(0, n) },
            "pgrp" when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var pgrp) && pgrp > 0 => spec with { Pgrp = pgrp },
            "label" when text.Length > 0 => spec with { Label = text },
            "env" => spec with { Command = SpecCommand.WithEnvironment(spec, value) },
            "preflights" => spec with { Command = spec.Command with { Preflights = text } },
            "postflights" => spec with { Command = spec.Command with { Postflights = text } },
            "agenda_preflights" => spec with { Command = spec.Command with { AgendaPreflights = text } },
            "agenda_postflights" => spec with { Command = spec.Command with { AgendaPostflights = text } },
            "package" => spec with { Command = SpecCommand.WithPackage(spec, value) },
            _ => spec,
        };
    }
}

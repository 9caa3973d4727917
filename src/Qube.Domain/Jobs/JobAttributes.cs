using System.Globalization;
using System.Text.Json;
using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>Which attributes may change after submission, and how (spec/jobs.md §1, modifiable list).</summary>
public static class JobAttributes
{
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
            _ => spec,
        };
    }
}

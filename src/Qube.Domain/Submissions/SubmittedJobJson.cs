using System.Globalization;
using System.Text;
using System.Text.Json;
using Qube.Contracts;

namespace Qube.Domain.Submissions;

/// <summary>A job as the submission's answer shows it: everything submitted, unchanged, and what the farm made of it.</summary>
public static class SubmittedJobJson
{
    public static string Write(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

        var ours = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = Number(spec.JobId.Value),
            ["pgrp"] = Number(spec.Pgrp),
            ["pid"] = Number(spec.Pid),
            ["label"] = JsonText.Quote(spec.Label),
            ["name"] = JsonText.Quote(spec.Name),
            ["prototype"] = JsonText.Quote(spec.Prototype),
            ["status"] = JsonText.Quote((spec.Blocked ? Status.Blocked : Status.Pending).Name()),
            ["user"] = JsonText.Quote(spec.User),
            ["priority"] = Number(spec.Priority),
            ["cpus"] = Number(spec.Instances),
            ["cluster"] = JsonText.Quote(spec.Cluster),
            ["reservations"] = JsonText.Quote(spec.Reservations),
            ["flags"] = Number((long)spec.Flags),
            ["flagsstring"] = JsonText.Quote(JobFlagNames.Text(spec.Flags)),
            ["sourcehost"] = JsonText.Quote(spec.SourceHost),
            ["timesubmit"] = Number(spec.SubmittedAtMs / 1000),
        };
        var text = new StringBuilder("{");
        using (var body = JsonDocument.Parse(spec.Body))
        {
            foreach (var property in body.RootElement.EnumerateObject())
            {
                if (!ours.ContainsKey(property.Name))
                {
                    JsonText.Append(text, property.Name, property.Value.GetRawText());
                }
            }
        }

        foreach (var (name, raw) in ours)
        {
            JsonText.Append(text, name, raw);
        }

        return text.Append('}').ToString();
    }
}

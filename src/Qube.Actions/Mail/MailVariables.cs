using System.Globalization;
using System.Text.Json;
using Qube.Contracts.Actions;
using Qube.Domain.Execution;

namespace Qube.Actions.Mail;

/// <summary>What templates can name (spec/callbacks.md §12.2). Pure.</summary>
public static class MailVariables
{
    /// <summary>Variables of a job and the fields of its dictionary that they show.</summary>
    private static readonly (string Name, string Field)[] OfJob =
    [
        ("JOB_ACCOUNT", "account"), ("JOB_CLUSTER", "cluster"), ("JOB_CPUS", "cpus"), ("JOB_DATA", "data"), ("JOB_DOMAIN", "domain"), ("JOB_FLAGS", "flags"),
        ("JOB_GLOBALORDER", "globalorder"), ("JOB_GROUPS", "groups"), ("JOB_HOSTORDER", "hostorder"), ("JOB_HOSTS", "hosts"), ("JOB_ID", "id"),
        ("JOB_KIND", "kind"), ("JOB_LABEL", "label"), ("JOB_LOCALORDER", "localorder"), ("JOB_NAME", "name"), ("JOB_OMITGROUPS", "omitgroups"),
        ("JOB_OMITHOSTS", "omithosts"), ("JOB_PACKAGE", "package"), ("JOB_PGRP", "pgrp"), ("JOB_PID", "pid"), ("JOB_PRIORITY", "priority"),
        ("JOB_PROTOTYPE", "prototype"), ("JOB_REQUIREMENTS", "requirements"), ("JOB_RESTRICTIONS", "restrictions"), ("JOB_STATUS", "status"),
        ("JOB_TIMEOUT", "timeout"), ("JOB_TYPE", "prototype"), ("JOB_USER", "user"),
    ];

    private static readonly (string Name, string Field)[] OfItem =
    [
        ("WORK_NAME", "name"), ("WORK_HOST", "host"), ("WORK_STATUS", "status"), ("WORK_PID", "pid"), ("WORK_SUBID", "subid"), ("WORK_ADDRESS", "address"),
        ("WORK_RESULTPACKAGE", "resultpackage"),
    ];

    private static readonly (string Name, string Field)[] OfInstance =
        [("SUBJOB_ID", "id"), ("SUBJOB_STATUS", "status"), ("SUBJOB_PID", "pid"), ("SUBJOB_ADDRESS", "host")];

    /// <summary>The values for one firing.</summary>
    /// <param name="run">The firing, with the job as it is now.</param>
    /// <param name="host">This supervisor's name.</param>
    /// <param name="now">For the time elapsed of a job that still runs.</param>
    public static Dictionary<string, string> Of(ActionRun run, string host, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var document = JsonDocument.Parse(run.JobJson);
        JsonElement job = document.RootElement;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOST"] = host,
            ["TRIGGERS"] = run.Triggers,
            ["USER"] = run.User,
            ["EVENT"] = run.EventText,
            ["JOB_TIMESUBMIT"] = Time(job, "timesubmit"),
            ["JOB_TIMESTART"] = Time(job, "timestart"),
            ["JOB_TIMECOMPLETE"] = Time(job, "timecomplete"),
            ["JOB_TIMEELAPSED"] = Elapsed(job, now),
        };
        Take(values, OfJob, job);
        Take(values, OfItem, FirstOf(job, "agenda"));
        Take(values, OfInstance, FirstOf(job, "subjobs"));
        return values;
    }

    private static void Take(Dictionary<string, string> values, (string Name, string Field)[] names, JsonElement? from)
    {
        if (from is { } element)
        {
            foreach ((string name, string field) in names)
            {
                values[name] = Text(element, field);
            }
        }
    }

    private static JsonElement? FirstOf(JsonElement job, string list) => job.TryGetProperty(list, out JsonElement parts) && parts.GetArrayLength() > 0 ? parts[0] : null;

    private static string Text(JsonElement element, string field) => element.TryGetProperty(field, out JsonElement value)
        ? value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.ValueKind == JsonValueKind.Null ? "" : value.GetRawText()
        : "";

    private static long? Seconds(JsonElement job, string field) =>
        job.TryGetProperty(field, out JsonElement value) && value.TryGetInt64(out long seconds) && seconds > QubeTime.EpochOffsetSeconds ? seconds : null;

    /// <summary>Empty for a time that has not come.</summary>
    private static string Time(JsonElement job, string field) => Seconds(job, field) is { } seconds
        ? DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : "";

    private static string Elapsed(JsonElement job, DateTimeOffset now)
    {
        if (Seconds(job, "timestart") is not { } start)
        {
            return "";
        }

        var elapsed = TimeSpan.FromSeconds(Math.Max(0, (Seconds(job, "timecomplete") ?? now.ToUnixTimeSeconds()) - start));
        return string.Create(CultureInfo.InvariantCulture, $"{(long)elapsed.TotalHours}:{elapsed.Minutes:00}:{elapsed.Seconds:00}");
    }
}

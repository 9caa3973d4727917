using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Execution;
using Qube.Domain.Submissions;

namespace Qube.Domain.Jobs;

/// <summary>A job as clients see it: what was submitted, unchanged, and what the farm maintains (spec/jobs.md §1 to §3).</summary>
public static partial class JobView
{
    private static readonly Status[] Tallied =
        [Status.Running, Status.Blocked, Status.Complete, Status.Pending, Status.Suspended, Status.Failed, Status.Killed, Status.Waiting, Status.Unknown, Status.Badlogin];

    /// <summary>The row of the read model.</summary>
    public static JobSummary Summary(JobState state, long version, string reason) => new()
    {
        JobId = state.Spec.JobId,
        Version = version,
        Pgrp = state.Spec.Pgrp,
        Pid = state.Spec.Pid,
        Status = state.Status.Name(),
        Name = state.Spec.Name,
        User = state.Spec.User,
        Label = state.Spec.Label,
        Priority = state.Spec.Priority,
        Cluster = state.Spec.Cluster,
        Prototype = state.Spec.Prototype,
        Account = state.Spec.Account,
        Kind = state.Spec.Kind,
        TimeSubmit = Seconds(state.Spec.SubmittedAtMs),
        TimeStart = Seconds(state.StartedMs),
        TimeComplete = Seconds(state.EndedMs),
        LastUpdate = Seconds(state.LastUpdateMs),
        Cpus = state.Spec.Instances,
        Todo = state.Items.Count,
        Json = Json(state, reason, agenda: false, subjobs: false),
    };

    /// <summary>A job's dictionary with its callbacks, which live beside the job, in it.</summary>
    public static string WithCallbacks(string json, Action<Utf8JsonWriter> callbacks)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            callbacks(writer);
            writer.WriteEndArray();
        }

        return $"{json[..^1]},\"callbacks\":{System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length)}}}";
    }

    /// <summary>The job's dictionary.</summary>
    public static string Json(JobState state, string reason, bool agenda, bool subjobs)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            WriteMaintained(writer, state, reason);
            WriteSubmitted(writer, state);
            if (agenda)
            {
                writer.WriteStartArray("agenda");
                WriteAgenda(writer, state);
                writer.WriteEndArray();
            }

            if (subjobs)
            {
                writer.WriteStartArray("subjobs");
                foreach (var instance in state.Instances)
                {
                    WriteInstance(writer, state, instance);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Unix seconds as the API gives them: a time that has not come is qtime 0 (spec/callbacks.md §9).</summary>
    private static long Seconds(long ms) => ms <= 0 ? QubeTime.EpochOffsetSeconds : ms / 1000;

    private static readonly HashSet<string> Maintained =
    [
        "id", "pgrp", "pid", "name", "label", "status", "subjobstatus", "agendastatus", "prototype", "user", "priority", "cpus", "cluster", "todo", "requirements",
        "reservations", "restrictions", "hosts", "omithosts", "groups", "omitgroups", "hostorder", "account", "kind", "retrywork", "retrysubjob", "retrywork_delay",
        "flags", "flagsstring", "cpustally", "todotally", "timesubmit", "timestart", "timecomplete", "lastupdate", "reason", "sourcehost", "localorder", "dependency", "agenda",
        "subjobs", "callbacks", "timeout", "agendatimeout", "agenda_timeout", "timelimit", "agenda_timelimit", "auto_migrate_count",
    ];

    private static void WriteMaintained(Utf8JsonWriter writer, JobState state, string reason)
    {
        var spec = state.Spec;
        writer.WriteNumber("id", spec.JobId.Value);
        writer.WriteNumber("pgrp", spec.Pgrp);
        writer.WriteNumber("pid", spec.Pid);
        writer.WriteString("name", spec.Name);
        writer.WriteString("label", spec.Label);
        writer.WriteString("status", state.Status.Name());
        writer.WriteString("subjobstatus", state.SubjobStatus().Name());
        writer.WriteString("agendastatus", state.AgendaStatus().Name());
        writer.WriteString("prototype", spec.Prototype);
        writer.WriteString("user", spec.User);
        writer.WriteNumber("priority", spec.Priority);
        writer.WriteNumber("cpus", state.Spec.Instances);
        writer.WriteString("cluster", spec.Cluster);
        writer.WriteNumber("todo", state.Items.Count);
        writer.WriteString("requirements", spec.Requirements);
        writer.WriteString("reservations", spec.Reservations);
        writer.WriteString("restrictions", spec.Restrictions);
        writer.WriteString("hosts", spec.Hosts);
        writer.WriteString("omithosts", spec.OmitHosts);
        writer.WriteString("groups", spec.Groups);
        writer.WriteString("omitgroups", spec.OmitGroups);
        writer.WriteString("hostorder", spec.HostOrder);
        writer.WriteString("account", spec.Account);
        writer.WriteString("kind", spec.Kind);
        writer.WriteNumber("retrywork", spec.RetryWork);
        writer.WriteNumber("retrysubjob", spec.RetrySubjob);
        writer.WriteNumber("retrywork_delay", spec.RetryWorkDelaySeconds);
        writer.WriteNumber("timeout", OrOff(spec.TimeoutSeconds));
        writer.WriteNumber("agendatimeout", OrOff(spec.AgendaTimeoutSeconds));
        writer.WriteNumber("agenda_timeout", OrOff(spec.AgendaTimeoutSeconds));
        writer.WriteNumber("timelimit", OrOff(spec.TimeLimitSeconds));
        writer.WriteNumber("agenda_timelimit", OrOff(spec.AgendaTimeLimitSeconds));
        writer.WriteNumber("flags", (int)spec.Flags);
        writer.WriteString("flagsstring", JobFlagNames.Text(spec.Flags));
        writer.WriteNumber("auto_migrate_count", state.AutoMigrations);
        writer.WriteString("dependency", spec.Dependency);
        WriteTally(writer, "cpustally", state.InstancesIn);
        WriteTally(writer, "todotally", status => status == Status.Pending ? state.Items.CountOf(Status.Pending) + state.Items.CountOf(Status.Registering) : state.Items.CountOf(status));
        writer.WriteNumber("timesubmit", Seconds(spec.SubmittedAtMs));
        writer.WriteNumber("timestart", Seconds(state.StartedMs));
        writer.WriteNumber("timecomplete", Seconds(state.EndedMs));
        writer.WriteNumber("lastupdate", Seconds(state.LastUpdateMs));
        writer.WriteString("reason", reason.Length == 0 ? "none" : reason);
        writer.WriteString("sourcehost", spec.SourceHost);
        writer.WriteNumber("localorder", state.LocalOrder);
    }

    /// <summary>Seconds, -1 for none.</summary>
    private static int OrOff(int seconds) => seconds > 0 ? seconds : -1;

    private static void WriteTally(Utf8JsonWriter writer, string name, Func<Status, int> count)
    {
        writer.WriteStartObject(name);
        foreach (var status in Tallied)
        {
            writer.WriteNumber(status.Name(), count(status));
        }

        writer.WriteEndObject();
    }

    /// <summary>Keys that the farm does not maintain, as they were written, later modifications over the submission.</summary>
    private static void WriteSubmitted(Utf8JsonWriter writer, JobState state)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var json in state.Modifications.Prepend(state.Spec.Body))
        {
            Collect(json, properties);
        }

        foreach (var (name, raw) in properties)
        {
            if (!Maintained.Contains(name))
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(raw);
            }
        }
    }

    internal static void Collect(string json, Dictionary<string, string> properties)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in document.RootElement.EnumerateObject())
        {
            properties[property.Name] = property.Value.GetRawText();
        }
    }

    private static void WriteAgenda(Utf8JsonWriter writer, JobState state)
    {
        for (var seq = 0; seq < state.Items.Count; seq++)
        {
            WriteItem(writer, state, seq);
        }
    }

    private static void WriteItem(Utf8JsonWriter writer, JobState state, int seq)
    {
        var record = state.Items.RecordOf(seq);
        writer.WriteStartObject();
        writer.WriteString("name", state.Agenda!.NameOf(seq));
        writer.WriteNumber("id", seq);
        writer.WriteNumber("seq", seq);
        writer.WriteNumber("pid", state.Spec.JobId.Value);
        writer.WriteString("status", state.Items.StatusOf(seq).ItemName());
        writer.WriteNumber("subid", record.Instance);
        writer.WriteString("host", record.Host ?? "");
        writer.WriteNumber("count", record.Count);
        writer.WriteNumber("retry", state.Spec.RetryWork);
        writer.WriteNumber("retrydelay", state.Spec.RetryWorkDelaySeconds);
        writer.WriteNumber("percent", state.Items.StatusOf(seq) == Status.Complete ? 100 : 0);
        writer.WriteNumber("exitcode", record.ExitCode);
        writer.WriteNumber("timesubmit", Seconds(state.Spec.SubmittedAtMs));
        writer.WriteNumber("timestart", Seconds(record.StartedMs));
        writer.WriteNumber("timecomplete", Seconds(record.EndedMs));
        writer.WriteNumber("time_cumulative", record.CumulativeMs / 1000);
        writer.WriteNumber("timestart_ms", record.StartedMs);
        writer.WriteNumber("timecomplete_ms", record.EndedMs);
        writer.WritePropertyName("resultpackage");
        writer.WriteRawValue(state.Items.ResultOf(seq) ?? "{}");
        WriteOverride(writer, ItemOverrides.JsonOf(state.Spec.ItemOverrides, seq));
        writer.WriteEndObject();
    }

    private static readonly HashSet<string> MaintainedOfItem =
    [
        "name", "id", "seq", "pid", "status", "subid", "host", "count", "retry", "retrydelay", "percent", "exitcode", "timesubmit", "timestart", "timecomplete",
        "time_cumulative", "timestart_ms", "timecomplete_ms", "resultpackage",
    ];

    private static void WriteOverride(Utf8JsonWriter writer, string? json)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal) { ["package"] = "{}" };
        if (json is not null)
        {
            Collect(json, properties);
        }

        foreach (var (name, raw) in properties.Where(property => !MaintainedOfItem.Contains(property.Key)))
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(raw);
        }
    }

    private static void WriteInstance(Utf8JsonWriter writer, JobState state, JobInstance instance)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", instance.Id);
        writer.WriteNumber("pid", state.Spec.JobId.Value);
        writer.WriteString("status", instance.Status.Name());
        writer.WriteString("host", instance.LastHost);
        writer.WriteNumber("count", instance.Count);
        writer.WriteNumber("retry", state.Spec.RetrySubjob);
        writer.WriteString("allocations", instance.Allocations);
        writer.WriteNumber("exitcode", instance.ExitCode);
        writer.WriteNumber("timesubmit", Seconds(state.Spec.SubmittedAtMs));
        writer.WriteNumber("timestart", Seconds(instance.StartedMs));
        writer.WriteNumber("timecomplete", Seconds(instance.EndedMs));
        writer.WriteNumber("lastupdate", Seconds(state.LastUpdateMs));
        writer.WriteEndObject();
    }
}

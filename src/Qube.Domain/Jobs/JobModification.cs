using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Expressions;
using Qube.Domain.Placement;
using Qube.Domain.Submissions;
using Qube.Domain.Syntax;

namespace Qube.Domain.Jobs;

/// <summary>Reads what a client wants changed (spec/jobs.md §1, modifiable list): refused whole where a value is wrong, an attribute is fixed at
/// submission, or is none: a misspelt one would change nothing and be told as changed. What a submission added of its own, which is kept, may be
/// changed too.</summary>
public static class JobModification
{
    /// <summary>No changes.</summary>
    public const string Nothing = "{}";

    private static readonly FrozenSet<string> Fixed = new[]
    {
        "id", "pid", "status", "state", "subjobstatus", "agendastatus", "cpustally", "todotally", "todo", "subjobs", "agenda", "work", "callbacks", "callback",
        "dependency", "waitfor", "user", "domain", "prototype", "type", "flags", "flagsstring", "kind", "cwd", "umask", "timesubmit", "timestart", "timecomplete",
        "lastupdate", "reason", "sourcehost", "localorder", "globalorder", "auto_migrate_count", "p_agenda", "p_agenda_priority", "p_agenda_cpus",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Numbers = new[]
    {
        "priority", "cpus", "pgrp", "retrywork", "retrysubjob", "retrywork_delay", "timeout", "agendatimeout", "agenda_timeout", "timelimit", "agenda_timelimit",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Lists = new[] { "hosts", "omithosts", "groups", "omitgroups", "restrictions", "hostorder", "reservations", "mailaddress", "preflights", "postflights", "agenda_preflights", "agenda_postflights" }
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Texts = new[] { "name", "account", "cluster", "requirements", "notes", "label" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Others = new[]
    {
        "data", "package", "env", "max_cpus", "drivemap", "pathmap", "deadline", "eta",
        "prod_show", "prod_shot", "prod_seq", "prod_client", "prod_dept", "prod_custom1", "prod_custom2", "prod_custom3", "prod_custom4", "prod_custom5",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] Modifiable = [.. Numbers.Concat(Lists).Concat(Texts).Concat(Others).Order(StringComparer.Ordinal)];

    /// <summary>Reads <paramref name="json"/>, an object of attributes. Never throws.</summary>
    public static ModificationRead Read(JobState state, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(state, document.RootElement)
                : new ModificationRead { Error = $"job {state.Spec.JobId}: expected a dictionary of attributes, found {FieldReader.Shown(document.RootElement)}" };
        }
        catch (JsonException bad)
        {
            return new ModificationRead { Error = $"job {state.Spec.JobId}: not JSON: {bad.Message}" };
        }
    }

    /// <summary>The label was given by the farm: any other free one is as good.</summary>
    public static bool HasAutomaticLabel(JobState state) => !Current(state).ContainsKey("label");

    /// <summary>The changes with what the group has said.</summary>
    public static string With(string changes, long pgrp, string label, JobSpec spec)
    {
        var text = new StringBuilder(changes[..^1]);
        if (pgrp != spec.Pgrp)
        {
            JsonText.Append(text, "pgrp", pgrp.ToString(CultureInfo.InvariantCulture));
        }

        if (label != spec.Label)
        {
            JsonText.Append(text, "label", JsonText.Quote(label));
        }

        return text.Append('}').ToString();
    }

    private static ModificationRead Read(JobState state, JsonElement wanted)
    {
        var fields = new FieldReader($"job {state.Spec.JobId}", state.Spec.Label);
        var read = new ModificationRead();
        var changes = new StringBuilder("{");
        foreach (var (name, value) in fields.Members(wanted, "params"))
        {
            if (Fixed.Contains(name))
            {
                fields.Fail(name, "cannot be changed after submission");
            }
            else if (!IsAttribute(state, name))
            {
                var near = NearestWord.Find(name, Modifiable);
                fields.Fail(name, near.Count > 0 ? $"there is no such attribute; did you mean {string.Join(" or ", near)}?" : "there is no such attribute");
            }
            else if (name == "data")
            {
                // Packed, it is the package (spec/jobs.md §5.4).
                var (package, problem) = SpecCommand.Unpack(fields.Text(value, name) ?? "");
                if (problem is not null)
                {
                    fields.Fail(name, problem.ToString(), problem.Column);
                }
                else
                {
                    read = Take(state, read, changes, "package", package, fields);
                }
            }
            else if (Canonical(fields, name, value) is { } raw)
            {
                read = Take(state, read, changes, name, raw, fields);
            }
        }

        return fields.Error is { } error ? new ModificationRead { Error = error.Message } : read with { Changes = changes.Append('}').ToString() };
    }

    private static bool IsAttribute(JobState state, string name) =>
        Numbers.Contains(name) || Lists.Contains(name) || Texts.Contains(name) || Others.Contains(name) || Current(state).ContainsKey(name);

    private static ModificationRead Take(JobState state, ModificationRead read, StringBuilder changes, string name, string raw, FieldReader fields)
    {
        var spec = state.Spec;
        switch (name)
        {
            case "pgrp" when raw != spec.Pgrp.ToString(CultureInfo.InvariantCulture):
                var pgrp = long.Parse(raw, CultureInfo.InvariantCulture);
                if (pgrp <= 0)
                {
                    fields.Fail(name, $"expected the id of a process group, found {pgrp}");
                }

                return read with { Pgrp = pgrp };
            case "label" when raw != JsonText.Quote(spec.Label):
                using (var text = JsonDocument.Parse(raw))
                {
                    var label = text.RootElement.GetString() ?? "";
                    if (label.Length == 0 || LabelAssigner.Problem(label) is not null)
                    {
                        fields.Fail(name, label.Length == 0 ? "expected a label, found nothing" : LabelAssigner.Problem(label)!);
                    }

                    return read with { Label = label };
                }

            case "pgrp" or "label":
                return read;
            case "cpus":
                var count = InstanceCount(state, long.Parse(raw, CultureInfo.InvariantCulture), fields);
                if (count != spec.Instances)
                {
                    JsonText.Append(changes, name, count.ToString(CultureInfo.InvariantCulture));
                    read = read with { Instances = count };
                }

                return read;
            default:
                if (name == "package")
                {
                    SpecCommand.Check(spec, raw, fields);
                }

                if (IsChange(state, name, raw))
                {
                    JsonText.Append(changes, name, raw);
                }

                return read;
        }
    }

    /// <summary>As at submission: no more than there are items, unless the job asks for it (spec/jobs.md §6.2.4).</summary>
    private static int InstanceCount(JobState state, long wanted, FieldReader fields)
    {
        if (wanted is < 1 or > JobState.MaxInstances)
        {
            fields.Fail("cpus", $"expected 1 to {JobState.MaxInstances} instances, found {wanted}");
            return state.Spec.Instances;
        }

        var most = state.Agenda is null or { Count: 0 } || state.Spec.Flags.HasFlag(JobFlags.DisableCpuLimit) ? wanted : Math.Min(wanted, state.Agenda.Count);
        return (int)most;
    }

    /// <summary>The value as it is stored, in JSON; null where there is none or it is wrong.</summary>
    private static string? Canonical(FieldReader fields, string name, JsonElement value)
    {
        if (Numbers.Contains(name))
        {
            var number = fields.Number(value, name);
            if (name is not "pgrp" && number is < int.MinValue or > int.MaxValue)
            {
                fields.Fail(name, $"{number} is out of range");
            }

            return number?.ToString(CultureInfo.InvariantCulture);
        }

        if (Lists.Contains(name) || Texts.Contains(name))
        {
            var text = (Lists.Contains(name) ? fields.ListText(value, name) : fields.Text(value, name)) ?? "";
            if (Problem(name, text) is { } problem)
            {
                fields.Fail(name, $"'{text}': {problem}", problem.Column);
            }

            return JsonText.Quote(text);
        }

        if (name is "env" or "package" && value.ValueKind != JsonValueKind.Object)
        {
            fields.Fail(name, $"expected a dictionary, found {FieldReader.Shown(value)}");
        }

        return value.GetRawText();
    }

    private static SyntaxError? Problem(string name, string text) => text.Length == 0 ? null : name switch
    {
        "requirements" => Expression.Parse(text).Error,
        "reservations" => Reservations.Parse(text).Error,
        "restrictions" => ClusterExpression.Parse(text).Error,
        "cluster" => JobCluster.Parse(text).Error,
        "hostorder" => HostOrder.Parse(text).Error,
        _ => null,
    };

    /// <summary>By what it does to the job where the farm knows the attribute, else by what is written.</summary>
    private static bool IsChange(JobState state, string name, string raw)
    {
        if (name is "env" or "package" || !JobAttributes.Knows(name))
        {
            return !Current(state).TryGetValue(name, out var current) || current != raw;
        }

        return JobAttributes.Apply(state.Spec, $"{{\"{name}\":{raw}}}") != state.Spec;
    }

    private static Dictionary<string, string> Current(JobState state)
    {
        var current = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var json in state.Modifications.Prepend(state.Spec.Body))
        {
            JobView.Collect(json, current);
        }

        return current;
    }
}

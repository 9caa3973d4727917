using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;

namespace Qube.Domain.Tests.Jobs;

/// <summary>Everything that a job's state holds, as text, field by field and found by reflection: a field that somebody adds is in it.</summary>
internal static class StateText
{
    private static readonly string[] Derived = ["shared", "pages", "statuses"];

    public static string Of(JobState state)
    {
        var text = new StringBuilder();
        Write(text, "state", state);
        return text.ToString();
    }

    /// <summary>Fields that differ from those of a job to which nothing has happened.</summary>
    public static HashSet<string> Differences(JobState state, JobState untouched)
    {
        var lines = Of(untouched).Split('\n').ToHashSet();
        return [.. Of(state).Split('\n').Where(line => !lines.Contains(line)).Select(line => Numbers.Replace(line.Split(" = ")[0], "[]"))];
    }

    /// <summary>All there are.</summary>
    public static HashSet<string> Fields(JobState state) =>
        [.. Of(state).Split('\n').Where(line => line.Length > 0).Select(line => Numbers.Replace(line.Split(" = ")[0], "[]"))];

    private static readonly System.Text.RegularExpressions.Regex Numbers = new(@"\[\d+\]");

    private static void Write(StringBuilder text, string path, object? value)
    {
        switch (value)
        {
            case null or string or Status or Enum or bool or int or long or double or JobId:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {value ?? "null"}\n");
                break;
            case IntervalSet set:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {set}\n");
                break;
            case JobSpec or Agenda:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {System.Text.Json.JsonSerializer.Serialize(value is Agenda agenda ? agenda.ToSpec() : value)}\n");
                break;
            case ItemTable table:
                WriteFields(text, path, table);
                for (var seq = 0; seq < table.Count; seq++)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{path}.statuses[{seq}] = {table.StatusOf(seq)}\n");
                    WriteFields(text, $"{path}.records[{seq}]", table.RecordOf(seq));
                }

                break;
            case HashSet<string> set:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {string.Join(' ', set.Order(StringComparer.Ordinal))}\n");
                break;
            case IEnumerable<JobInstance> instances:
                foreach (var instance in instances)
                {
                    WriteFields(text, $"{path}[{instance.Id}]", instance);
                }

                break;
            case IDictionary map:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {string.Join(' ', map.Keys.Cast<string>().Order(StringComparer.Ordinal).Select(key => $"{key}: {map[key]}"))}\n");
                break;
            case IEnumerable many:
                text.Append(CultureInfo.InvariantCulture, $"{path} = {string.Join(' ', many.Cast<object>())}\n");
                break;
            default:
                WriteFields(text, path, value);
                break;
        }
    }

    private static void WriteFields(StringBuilder text, string path, object value)
    {
        foreach (var field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.Name, StringComparer.Ordinal))
        {
            if (value is not ItemTable || !Derived.Contains(field.Name))
            {
                Write(text, $"{path}.{field.Name.Replace(">k__BackingField", "", StringComparison.Ordinal).TrimStart('<')}", field.GetValue(value));
            }
        }
    }
}

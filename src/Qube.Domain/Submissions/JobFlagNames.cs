using System.Globalization;
using Qube.Contracts;

namespace Qube.Domain.Submissions;

/// <summary>Job flags as scripts write them (spec/jobs.md §1.1).</summary>
public static class JobFlagNames
{
    private static readonly (string Name, JobFlags Flag)[] Table =
    [
        ("uninterruptible", JobFlags.Uninterruptible), ("grid", JobFlags.Grid), ("auto_mount", JobFlags.AutoMount),
        ("export_environment", JobFlags.ExportEnvironment), ("expand", JobFlags.Expand), ("host_list", JobFlags.HostList),
        ("elite", JobFlags.Elite), ("mail", JobFlags.Mail), ("disable_windows_job_object", JobFlags.DisableWindowsJobObject),
        ("disable_cpu_limit", JobFlags.DisableCpuLimit), ("disable_auto_complete", JobFlags.DisableAutoComplete),
        ("auto_wrangling", JobFlags.AutoWrangling), ("p_agenda", JobFlags.PAgenda),
        ("migrate_on_frame_retry", JobFlags.MigrateOnFrameRetry), ("convert_path", JobFlags.ConvertPath), ("no_defaults", JobFlags.NoDefaults),
    ];

    private static readonly string[] Names = Array.ConvertAll(Table, entry => entry.Name);

    /// <summary>The names between commas, in the order of their values.</summary>
    public static string Text(JobFlags flags) =>
        string.Join(',', Table.Where(entry => (flags & entry.Flag) != 0).Select(entry => entry.Name));

    /// <summary>Reads <c>auto_mount,mail</c> or a number.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="flags">The flags.</param>
    /// <param name="problem">What is wrong, offering what was meant.</param>
    public static bool TryParse(string text, out JobFlags flags, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        (flags, problem) = (JobFlags.None, "");
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            flags = (JobFlags)number;
            return true;
        }

        foreach (var word in text.Split([',', '|', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = Array.FindIndex(Names, name => name.Equals(word, StringComparison.OrdinalIgnoreCase));
            if (at < 0)
            {
                problem = $"'{word}' is no flag; {NearestWord.Offer(word, Names)}";
                return false;
            }

            flags |= Table[at].Flag;
        }

        return true;
    }
}

using System.Globalization;

namespace Qube.Domain.Execution;

/// <summary>The environment of a command, a flight check or a back end (jobs.md §4.3).</summary>
public static class ProcessEnvironment
{
    /// <summary>
    /// Lays the base environment, the farm's variables and the job's own <c>env</c> over each other. The job's <c>env</c> wins, except
    /// over variables that say which job, instance and item this is: a job submitted from inside another one often carries those of
    /// its submitter along.
    /// </summary>
    /// <param name="identity">Who runs.</param>
    /// <param name="baseEnvironment">The submitter's environment under <c>export_environment</c>, else the execution user's.</param>
    /// <param name="jobEnvironment">The job's <c>env</c>.</param>
    public static IReadOnlyDictionary<string, string> Of(
        ProcessIdentity identity,
        IReadOnlyDictionary<string, string> baseEnvironment,
        IReadOnlyDictionary<string, string> jobEnvironment)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(baseEnvironment);
        ArgumentNullException.ThrowIfNull(jobEnvironment);
        SortedDictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach ((string name, string value) in baseEnvironment)
        {
            if (!IsOfAnItem(name))
            {
                variables[name] = value;
            }
        }

        variables["QB_SUPERVISOR"] = identity.Supervisor;
        variables["QB_DOMAIN"] = identity.Domain;
        if (identity.QubeFolder.Length > 0)
        {
            variables["QBDIR"] = identity.QubeFolder;
            variables["QB_DIR"] = identity.QubeFolder;
        }

        foreach ((string name, string value) in jobEnvironment)
        {
            if (!IsOfAnItem(name))
            {
                variables[name] = value;
            }
        }

        AddIdentity(identity, variables);
        if (identity.Item is { } item)
        {
            AddItem(item, variables);
        }

        return variables;
    }

    /// <summary>Variables that would lie about what runs here when they come from elsewhere.</summary>
    private static bool IsOfAnItem(string name) =>
        name.StartsWith("QB_FRAME_", StringComparison.Ordinal)
        || name.StartsWith("QB_PADDED_FRAME_", StringComparison.Ordinal)
        || name is "QB_INSTANCE_STATUS" or "QB_SYSTEM_EXIT_CODE";

    private static void AddIdentity(ProcessIdentity identity, SortedDictionary<string, string> variables)
    {
        string job = Text(identity.JobId);
        string instance = Text(identity.Instance);
        string group = Text(identity.ProcessGroupId);
        variables["QBJOBID"] = job;
        variables["QB_JOBID"] = job;
        variables["QBSUBID"] = instance;
        variables["QB_SUBJOBID"] = instance;
        variables["QBPGRPID"] = group;
        variables["QB_PGRP"] = group;
        variables["QB_ALLOCATIONS"] = identity.Allocations;
        variables["QB_JOBSLOTS"] = Text(identity.Slots);
        variables["QB_FRAME_PADDING"] = Text(identity.Padding);
        if (identity.InstanceStatus is not null)
        {
            variables["QB_INSTANCE_STATUS"] = identity.InstanceStatus;
        }

        if (identity.FrameStatus is not null)
        {
            variables["QB_FRAME_STATUS"] = identity.FrameStatus;
        }

        if (identity.ExitCode is { } exitCode)
        {
            variables["QB_SYSTEM_EXIT_CODE"] = Text(exitCode);
        }
    }

    private static void AddItem(ItemTokens item, SortedDictionary<string, string> variables)
    {
        variables["QB_FRAME_NUMBER"] = item.Number;
        variables["QB_FRAME_START"] = item.Start;
        variables["QB_FRAME_END"] = item.End;
        variables["QB_FRAME_STEP"] = item.Step;
        variables["QB_FRAME_RANGE"] = item.Range;
        variables["QB_PADDED_FRAME_NUMBER"] = item.PaddedNumber;
        variables["QB_PADDED_FRAME_START"] = item.PaddedStart;
        variables["QB_PADDED_FRAME_END"] = item.PaddedEnd;
        variables["QB_PADDED_FRAME_STEP"] = item.PaddedStep;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace Qube.Domain.Execution;

/// <summary>Where the logs of a job are (jobs.md §8.1): <c>&lt;logpath&gt;/job/&lt;group&gt;/&lt;jobid&gt;/&lt;job&gt;_&lt;sub&gt;.out</c>.</summary>
public static class LogPaths
{
    private const long JobsPerGroup = 1000;

    /// <summary>The job id rounded down to a thousand, so that no folder holds more than a thousand jobs.</summary>
    public static long Group(long jobId) => jobId - (jobId % JobsPerGroup);

    public static string Folder(string logPath, long jobId) => Path.Combine(logPath, "job", Text(Group(jobId)), Text(jobId));

    /// <summary>Standard output of an instance, appended over its retries.</summary>
    public static string Out(string logPath, long jobId, int instance) => OfInstance(logPath, jobId, instance, "out");

    public static string Err(string logPath, long jobId, int instance) => OfInstance(logPath, jobId, instance, "err");

    /// <summary>Statistics of an instance.</summary>
    public static string Statistics(string logPath, long jobId, int instance) => OfInstance(logPath, jobId, instance, "sts");

    public static string History(string logPath, long jobId) => OfJob(logPath, jobId, "hist");

    /// <summary>What the job's callbacks printed; job 0: what those of no job did (spec/callbacks.md §15).</summary>
    public static string Callbacks(string logPath, long jobId) => jobId == 0 ? Path.Combine(logPath, "callback", "global.cb") : OfJob(logPath, jobId, "cb");

    public static string Accounting(string logPath, long jobId) => OfJob(logPath, jobId, "acc");

    /// <summary>The job's archive in XML.</summary>
    public static string Archive(string logPath, long jobId) => OfJob(logPath, jobId, "xja");

    private static string OfInstance(string logPath, long jobId, int instance, string extension) =>
        Path.Combine(Folder(logPath, jobId), $"{Text(jobId)}_{Text(instance)}.{extension}");

    private static string OfJob(string logPath, long jobId, string extension) =>
        Path.Combine(Folder(logPath, jobId), $"{Text(jobId)}.{extension}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Qube.Contracts.Scripts;

namespace Qube.Actions.Scripts;

/// <summary>What a zygote is told of a run.</summary>
internal static class ScriptMessage
{
    /// <param name="run">The run.</param>
    /// <param name="repetition">0 for the first time.</param>
    /// <param name="options">The site's.</param>
    /// <param name="now">For the header line.</param>
    public static ZygoteMessages.Run Of(ScriptRun run, int repetition, ScriptPoolOptions options, DateTimeOffset now) => new()
    {
        Id = 0,
        Language = run.Language.ToLowerInvariant(),
        Firing = run.FiringId,
        Code = run.Code,
        Job = run.JobId,
        Item = run.Item,
        Instance = run.Instance,
        EventText = run.EventText,
        User = run.User,
        Name = Name(run),
        Header = Header(run, repetition, now),
        Output = Path.GetFullPath(run.OutputPath),
        Supervisor = run.SupervisorUrl,
        LimitSeconds = run.TimeLimitSeconds,
        CapBytes = run.OutputCapBytes,
        MemoryBytes = run.MemoryLimitBytes,
        Processes = run.ProcessLimit,
        Nice = options.Niceness,
        Account = options.ScriptUser,
        Warm = options.Warm ? true : null,
        Token = options.Token?.Invoke(run),
        Perl = options.Perl,
        PerlLibrary = options.PerlLibraryPath,
    };

    /// <summary>The line before a run's output: <c>=== 2026-11-24T21:07:03Z callback 2 of job 12, on complete-work-A-5, firing …</c>.</summary>
    public static string Header(ScriptRun run, int repetition, DateTimeOffset now)
    {
        string moment = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        string cause = run.EventText.Length > 0 ? $", on {run.EventText}" : "";
        string again = repetition > 0 ? ", again: its interpreter was cut off" : "";
        return OneLine($"=== {moment} {Name(run)}{cause}, firing {run.FiringId}{again} ===");
    }

    private static string Name(ScriptRun run) => string.Create(CultureInfo.InvariantCulture, $"callback {run.CallbackId} of job {run.JobId}");

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}

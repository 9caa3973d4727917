using Qube.Contracts.Actions;

namespace Qube.Actions.Tests;

/// <summary>Firings as a callback hands them to mail and web hooks.</summary>
internal static class ActionRuns
{
    public static ActionRun Of(string language, string code, string eventText = "done-job-self", string jobFields = "\"mailaddress\":\"\"") => new()
    {
        FiringId = "12/2/12/7/0/größe",
        Language = language,
        Code = code,
        JobId = 12,
        CallbackId = 2,
        Triggers = "complete-work-self-*",
        EventText = eventText,
        AtMs = 1_700_000_005_678,
        User = "wanda",
        Item = eventText.Contains("-work-", StringComparison.Ordinal) ? "5" : null,
        JobJson = $$$"""
            {"id":12,"pgrp":12,"pid":1,"name":"lunch","label":"render","status":"running","prototype":"cmdrange","user":"wanda","cpus":4,"priority":9999,
            "package":{"cmdline":"true"},"timesubmit":1700000000,"timestart":1700000000,"timecomplete":946702800,{{{jobFields}}},
            "agenda":[{"name":"5","pid":12,"subid":3,"status":"complete","host":"node7","resultpackage":{"frames":1}}],
            "subjobs":[{"id":3,"pid":12,"status":"running","host":"node7"}]}
            """,
        OutputPath = Path.Combine(Path.GetTempPath(), $"qube-actions-{Environment.ProcessId}", $"{Guid.NewGuid():N}.cb"),
        SupervisorUrl = "http://127.0.0.1:50001",
    };
}

using System.Text.Json;

namespace Qube.Node.Tests.Cli;

/// <summary>Job dictionaries as a farm writes them.</summary>
internal static class JobJson
{
    public const long Submitted = 1_777_636_800; // 2026-05-01 12:00:00 UTC

    public static string Of(
        long id, string status, int complete = 0, int failed = 0, int running = 0, int todo = 0, string name = "n", string reason = "none", object? agenda = null,
        object? subjobs = null) => JsonSerializer.Serialize(new
        {
            id,
            pgrp = id,
            name,
            label = "qube0",
            status,
            user = "ann",
            priority = 9999,
            cpus = 2,
            todo,
            todotally = new { complete, failed, running, killed = 0 },
            cpustally = new { complete = 1, failed = 0, running = 1, killed = 0 },
            timesubmit = Submitted,
            timestart = Submitted + 5,
            timecomplete = Submitted + 65,
            reason,
            agenda = agenda ?? Array.Empty<object>(),
            subjobs = subjobs ?? Array.Empty<object>(),
        });
}

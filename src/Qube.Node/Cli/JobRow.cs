using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>What is listed of a job.</summary>
public sealed record JobRow
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Status { get; init; } = "";

    public string User { get; init; } = "";

    public string Priority { get; init; } = "";

    public string Label { get; init; } = "";

    public long Pgrp { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Submitted { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Started { get; init; }

    /// <summary>Unix seconds.</summary>
    public long Ended { get; init; }

    /// <summary>Why a pending job is pending.</summary>
    public string Reason { get; init; } = "";

    public ItemTally Tally { get; init; }

    public bool IsDone => StatusLook.IsDone(Status);

    public JobProgressRow Progress => new(Id, Name, Status, Tally.Complete, Tally.Failed, Tally.Running, Tally.Total);

    /// <param name="job">A job's dictionary as the API writes it.</param>
    public static JobRow Of(JsonElement job)
    {
        var items = job.Int("todo");
        var tally = job.Member(items > 0 ? "todotally" : "cpustally");
        var status = job.Text("status");
        return new()
        {
            Id = job.Long("id"),
            Name = job.Text("name"),
            Status = status,
            User = job.Text("user"),
            Priority = job.Text("priority"),
            Label = job.Text("label"),
            Pgrp = job.Long("pgrp"),
            Submitted = job.Long("timesubmit"),
            Started = job.Long("timestart"),
            Ended = job.Long("timecomplete"),
            Reason = status == "pending" && job.Text("reason") is not "none" and var reason ? reason : "",
            Tally = new(
                tally.Int("complete"), tally.Int("failed") + tally.Int("killed") + tally.Int("badlogin"), tally.Int("running"), items > 0 ? items : job.Int("cpus")),
        };
    }
}

using System.Globalization;
using System.Text.Json;
using Qube.Contracts;
using Qube.Domain.Submissions;
using Qube.Triggers;

namespace Qube.Actors.Farm;

/// <summary>Raises user-defined events: each goes to the log of what it is about, a job's, a host's or the farm's, and is true once it stands there.</summary>
public sealed class EventService(FarmRefs farm, TimeSpan askLimit)
{
    /// <summary>Raises an event once per request id.</summary>
    /// <param name="text">As <see cref="RaisedEvents"/> reads it.</param>
    /// <param name="requestId">The same request is done once, whatever has happened since.</param>
    /// <param name="raiser">Who raises it.</param>
    /// <param name="owner">The job whose callback raises it; 0 outside of callbacks and in global ones.</param>
    /// <param name="cancel">The client has gone; what is committed stays.</param>
    /// <returns>Null when the event is on file, else why it was refused; and whether that is because of who raises it.</returns>
    /// <exception cref="FarmAwayException">The farm does not answer now. The same request may be sent again.</exception>
    public async Task<(string? Error, bool IsDenied)> Raise(string text, string requestId, EventRaiser raiser, long owner, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(raiser);
        var (pattern, error) = RaisedEvents.Read(text, [], owner > 0);
        if (pattern is null)
        {
            return (error, false);
        }

        if ((pattern.Type == SubjectType.Global && !raiser.OfFarm) || (pattern.Type == SubjectType.Host && !raiser.OfHosts))
        {
            return ($"event '{text}': {raiser.User} has no permission to raise it", true);
        }

        if (pattern.Type == SubjectType.Global)
        {
            await farm.Farm.AskFarm<EventMessages.Raised>(
                new EventMessages.RaiseOfFarm { RequestId = requestId, Name = pattern.Name, User = raiser.User }, "the farm", askLimit, cancel);
            return (null, false);
        }

        if (pattern.Type == SubjectType.Host)
        {
            var raised = await farm.Hosts.AskFarm<EventMessages.Raised>(
                new EventMessages.RaiseOfHost { Host = pattern.Extra, RequestId = requestId, Name = pattern.Name, User = raiser.User },
                $"host {pattern.Extra}",
                askLimit,
                cancel);
            return (raised.Exists ? null : $"event '{text}': there is no host '{pattern.Extra}'", false);
        }

        (pattern, var job, error) = await Job(text, pattern, owner, cancel);
        return error is null ? await RaiseOfJob(text, pattern, job, requestId, raiser, cancel) : (error, false);
    }

    private async Task<(string? Error, bool IsDenied)> RaiseOfJob(string text, EventPattern pattern, long job, string requestId, EventRaiser raiser, CancellationToken cancel)
    {
        var raise = new EventMessages.RaiseOfJob
        {
            JobId = new JobId(job),
            RequestId = requestId,
            Name = pattern.Name,
            User = raiser.User,
            IsLimited = !raiser.Owners.IsAnybody,
            Owners = [.. raiser.Owners.Names],
            Item = pattern.Type == SubjectType.Work ? pattern.Extra : null,
            Instance = pattern.Type == SubjectType.Subjob ? int.Parse(pattern.Extra, CultureInfo.InvariantCulture) : -1,
        };
        var done = await farm.Jobs.AskFarm<JobMessages.ControlDone>(raise, $"job {job}", askLimit, cancel);
        return done.Denied.Length > 0 ? ($"event '{text}': {done.Denied}", true)
            : done.Affected.Length > 0 || done.Error.Length > 0 ? (null, false)
            : ($"event '{text}': there is no such job, instance or item", false);
    }

    /// <summary>The job that the event is about. Inside a callback it may be named as its triggers do.</summary>
    private async Task<(EventPattern Pattern, long Job, string? Error)> Job(string text, EventPattern pattern, long owner, CancellationToken cancel)
    {
        switch (pattern.Context.Kind)
        {
            case ContextKind.Job:
                return (pattern, pattern.Context.JobId, null);
            case ContextKind.Self:
                return (pattern, owner, null);
        }

        var reply = await farm.Jobs.AskFarm<JobMessages.JobReply>(new JobMessages.GetJob { JobId = new JobId(owner) }, $"job {owner}", askLimit, cancel);
        if (!reply.Exists)
        {
            return (pattern, 0, $"event '{text}': job {owner}, which raises it, has been removed");
        }

        using var json = JsonDocument.Parse(reply.Json);
        if (pattern.Context.Kind == ContextKind.Parent)
        {
            var parent = json.RootElement.GetProperty("pid").GetInt64();
            return (pattern, parent, parent > 1 ? null : $"event '{text}': job {owner} has no parent");
        }

        var pgrp = json.RootElement.GetProperty("pgrp").GetInt64();
        var group = await farm.Groups.AskFarm<FarmMessages.ProcessGroup>(
            new FarmMessages.GetProcessGroup { Pgrp = pgrp }, $"process group {pgrp}", askLimit, cancel);
        var (labelled, error) = RaisedEvents.Read(text, group.Labels, hasOwner: true);
        if (labelled is null)
        {
            return (pattern, 0, error);
        }

        var at = Array.IndexOf(group.Labels, labelled.Context.Label);
        return at < 0
            ? (labelled, 0, $"event '{text}': nobody in process group {pgrp} has the label '{labelled.Context.Label}'")
            : (labelled, group.JobIds[at], null);
    }
}

using Qube.Contracts;

namespace Qube.Domain.Submissions;

/// <summary>A job's own attributes with the farm's defaults in place of what it does not say.</summary>
internal static class SpecBuilder
{
    public static JobSpec Build(
        JobDraft job, string label, JobId id, long pgrp, SubmissionDraft draft, SubmissionContext context, List<string> warnings)
    {
        var defaults = context.Defaults;
        var flags = job.Flags ?? defaults.ClientFlags;
        if ((flags & JobFlags.NoDefaults) == 0)
        {
            flags |= defaults.JobFlags;
        }

        if ((flags & JobFlags.PAgenda) != 0)
        {
            warnings.Add($"{job.Title}, flags: p_agenda is kept, but no preview job is split off: submit it as a job of its own");
        }

        var command = (flags & JobFlags.ExportEnvironment) != 0 ? job.Command : job.Command with { ExportedEnv = [] };
        return new()
        {
            JobId = id,
            Pgrp = pgrp,
            Pid = job.Pid,
            Name = string.IsNullOrEmpty(job.Name) ? job.Command.CmdLine : job.Name,
            Label = label,
            Prototype = job.Prototype,
            User = job.User ?? draft.User,
            SourceHost = draft.SourceHost.Length > 0 ? draft.SourceHost : context.SourceHost,
            Priority = Priority(job, defaults, warnings),
            Cluster = job.Cluster ?? defaults.Cluster,
            Requirements = job.Requirements ?? "",
            Reservations = job.Reservations ?? defaults.Reservations,
            Restrictions = job.Restrictions ?? defaults.Restrictions,
            Hosts = job.Hosts ?? "",
            OmitHosts = job.OmitHosts ?? "",
            Groups = job.Groups ?? "",
            OmitGroups = job.OmitGroups ?? "",
            HostOrder = job.HostOrder ?? defaults.HostOrder,
            Account = job.Account ?? defaults.Account,
            Kind = job.Kind ?? "",
            Flags = flags,
            Instances = Instances(job, flags, warnings),
            RetryWork = job.RetryWork,
            RetrySubjob = job.RetrySubjob,
            RetryWorkDelaySeconds = job.RetryWorkDelaySeconds,
            TimeoutSeconds = job.TimeoutSeconds,
            AgendaTimeoutSeconds = job.AgendaTimeoutSeconds,
            TimeLimitSeconds = job.TimeLimitSeconds,
            AgendaTimeLimitSeconds = job.AgendaTimeLimitSeconds,
            Blocked = job.Blocked,
            Agenda = job.Agenda?.ToSpec(),
            BlockedItems = [.. job.BlockedItems],
            ItemOverrides = [.. job.ItemOverrides],
            Command = command,
            Dependency = job.Dependency,
            SubmittedAtMs = context.NowMs,
            Body = job.Body,
            FarmCursor = context.FarmCursor,
        };
    }

    private static int Priority(JobDraft job, SubmissionDefaults defaults, List<string> warnings)
    {
        var wanted = job.Priority ?? defaults.Priority;
        var given = Math.Clamp(wanted, defaults.BestPriority, defaults.WorstPriority);
        if (given != wanted && job.Priority is not null)
        {
            warnings.Add($"{job.Title}, priority: {wanted} is outside {defaults.BestPriority} to {defaults.WorstPriority}, {given} is taken");
        }

        return (int)given;
    }

    /// <summary>No more instances than items, unless the job asks for it (spec/jobs.md §6.2.4).</summary>
    private static int Instances(JobDraft job, JobFlags flags, List<string> warnings)
    {
        if (job.Cpus < 1)
        {
            warnings.Add($"{job.Title}, cpus: a job has at least 1 instance, found {job.Cpus}; 1 is taken");
        }

        var instances = Math.Clamp(job.Cpus, 1, int.MaxValue);
        if (job.Agenda is not { } agenda)
        {
            return (int)instances;
        }

        if ((flags & JobFlags.Expand) != 0)
        {
            return agenda.Count;
        }

        return (int)((flags & JobFlags.DisableCpuLimit) != 0 ? instances : Math.Min(instances, agenda.Count));
    }
}

using System.Globalization;
using Akka.Cluster.Sharding;
using Qube.Actors.Hosts;
using Qube.Contracts;

namespace Qube.Actors.Composition;

/// <summary>Which entity a message is for. The number of shards is for ever: it decides where each entity lives.</summary>
internal static class FarmMessageExtractors
{
    public const int Shards = 60;

    public static IMessageExtractor Jobs { get; } = Of(message => JobOf(message) is { } job ? Text(job.Value) : null);

    public static IMessageExtractor Groups { get; } = Of(message => PgrpOf(message) is { } pgrp ? Text(pgrp) : null);

    public static IMessageExtractor Hosts { get; } = Of(HostActor.HostOf);

    private static HashCodeMessageExtractor Of(Func<object, string?> entity) => HashCodeMessageExtractor.Create(
        Shards,
        message => message is JobMessages.Page { Entity.Length: > 0 } page ? page.Entity : entity(message)!);

    private static JobId? JobOf(object message) => message switch
    {
        WorkerMessages.Report report => report.JobId,
        JobMessages.ControlJob control => control.JobId,
        EventMessages.RaiseOfJob raise => raise.JobId,
        JobMessages.GetSource get => get.JobId,
        JobMessages.GetJob get => get.JobId,
        JobMessages.GetHistory get => get.JobId,
        LedgerMessages.GetFirings get => get.JobId,
        LedgerMessages.Refire refire => refire.JobId,
        ExplainMessages.GetTriggers get => get.JobId,
        ExplainMessages.GetSubject get => get.JobId,
        JobMessages.CreateJob create => create.JobId,
        JobMessages.WakeJob wake => wake.JobId,
        JobMessages.ModifyJob modify => modify.JobId,
        JobMessages.ForgetCommands forget => forget.JobId,
        DispatchMessages.Grant grant => grant.JobId,
        DispatchMessages.HostArrived arrived => arrived.JobId,
        DispatchMessages.HostLost lost => lost.JobId,
        DispatchMessages.YieldParked yield => yield.JobId,
        DispatchMessages.PendingReason reason => reason.JobId,
        WorkerMessages.EpochRefused refused => refused.JobId,
        _ => null,
    };

    private static long? PgrpOf(object message) => message switch
    {
        FarmMessages.AcceptSubmission accept => accept.Pgrp,
        FarmMessages.GetProcessGroup get => get.Pgrp,
        FarmMessages.GetSpec get => get.Pgrp,
        FarmMessages.JoinGroup join => join.Pgrp,
        FarmMessages.LeaveGroup leave => leave.Pgrp,
        _ => null,
    };

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}

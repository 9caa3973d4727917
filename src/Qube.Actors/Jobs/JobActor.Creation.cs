using Akka.Actor;
using Qube.Contracts;
using Qube.Domain.Jobs;

namespace Qube.Actors.Jobs;

/// <content>Before there is a job: it is created once, and whoever asks for one that does not exist is told so. Between several supervisors a question may come
/// before the job's creation, though it was accepted and answered long ago: the farm is asked before anybody is told that there is none.</content>
public sealed partial class JobActor
{
    private const int MostAsks = 15;
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    private int asks;
    private bool isUnknown;

    private void BeforeCreation(object message)
    {
        if (!isUnknown && IsQuestion(message))
        {
            Stash.Stash();
            if (asks == 0)
            {
                AskWhoThisIs();
            }

            return;
        }

        switch (message)
        {
            case FarmMessages.JobFound { Pgrp: > 0 } found:
                farm.Groups.Tell(new FarmMessages.GetSpec { Pgrp = found.Pgrp, JobId = id, IsQuestion = true });
                break;
            case FarmMessages.JobFound or FarmMessages.NoSuchJob { IsQuestion: true }:
                isUnknown = true;
                Stash.UnstashAll();
                break;
            case ReceiveTimeout when asks is > 0 and < MostAsks && !isUnknown:
                AskWhoThisIs();
                break;
            case JobMessages.CreateJob create:
                Create(create);
                break;
            case JobMessages.WakeJob wake:
                farm.Groups.Tell(new FarmMessages.GetSpec { Pgrp = wake.Pgrp, JobId = id });
                break;
            case FarmMessages.NoSuchJob:
                isUnknown = true;
                farm.Farm.Tell(new FarmMessages.JobSettled { JobId = id });
                Stash.UnstashAll();
                Passivate();
                break;
            case JobMessages.GetSource:
                Sender.Tell(new JobMessages.Source { JobId = id });
                Passivate();
                break;
            case JobMessages.GetJob:
                Sender.Tell(new JobMessages.JobReply { JobId = id });
                Passivate();
                break;
            case ExplainMessages.GetSubject:
                Sender.Tell(new ExplainMessages.Subject { JobId = id });
                Passivate();
                break;
            case JobMessages.GetHistory:
                Sender.Tell(new JobMessages.HistoryReply { JobId = id });
                Passivate();
                break;
            case LedgerMessages.GetFirings or LedgerMessages.Refire or ExplainMessages.GetTriggers:
                AskCallbacks(message);
                Passivate();
                break;
            case JobMessages.ControlJob command:
                Sender.Tell(new JobMessages.ControlDone { JobId = id, RequestId = command.RequestId });
                Passivate();
                break;
            case EventMessages.RaiseOfJob raise:
                Sender.Tell(new JobMessages.ControlDone { JobId = id, RequestId = raise.RequestId });
                Passivate();
                break;
            case JobMessages.ModifyJob modify:
                Sender.Tell(new JobMessages.ControlDone { JobId = id, RequestId = modify.RequestId });
                Passivate();
                break;
            case ReceiveTimeout:
                Passivate();
                break;
            case HandOff:
                Context.Stop(Self);
                break;
            default:
                // A report or a grant for a job that does not exist: its sender repeats it as long as it matters.
                Context.SetReceiveTimeout(TimeSpan.FromSeconds(5));
                break;
        }
    }

    private static bool IsQuestion(object message) => message is JobMessages.GetSource or JobMessages.GetJob or ExplainMessages.GetSubject or JobMessages.GetHistory
        or LedgerMessages.GetFirings or LedgerMessages.Refire or ExplainMessages.GetTriggers or JobMessages.ControlJob or EventMessages.RaiseOfJob or JobMessages.ModifyJob;

    /// <summary>Again until there is an answer: the farm may be on its way to another supervisor.</summary>
    private void AskWhoThisIs()
    {
        asks++;
        farm.Farm.Tell(new FarmMessages.FindJob { JobId = id });
        Context.SetReceiveTimeout(AskAgainAfter);
    }

    /// <summary>The job and the epoch of its first life are one commit: with nothing else to wait for, two would only cost more.</summary>
    private void Create(JobMessages.CreateJob create)
    {
        var asker = Sender;
        var now = settings.NowMs();
        var created = new JobEvents.Created { Spec = create.Spec, AtMs = now };
        var newborn = new JobState(created);
        var first = new JobDecider(newborn, settings.Jobs);
        first.Start(now);
        var (epoch, outbox) = first.Take(now);
        CrashPoints.Pass(CrashPointNames.JobBeforeCreated);
        CrashPoints.Pass(CrashPointNames.JobBeforeCommit);
        settings.NotNew(PersistenceId);
        PersistAll<object>([created, epoch!], committed =>
        {
            if (committed is not JobEvents.Batch batch)
            {
                CrashPoints.Pass(CrashPointNames.JobAfterCreated);
                (state, decider) = (newborn, first);
                asker.Tell(new JobMessages.JobCreated { JobId = id });

                // Its group, in this process where there is but one, has listed it; what it says of itself follows with its first changes.
                Begin(isRecovered: false);
                Publish(new BusMessages.Envelope { Source = id, SequenceNr = LastSequenceNr, Created = created });
                return;
            }

            CountCommit(batch);
            OnCommitted(batch, outbox, frozen: null, isListed: settings.IsAlone && batch.Transitions.Length == 1);
            Stash.UnstashAll();
        });
    }
}

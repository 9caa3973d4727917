using Akka.Actor;
using Akka.Event;
using Qube.Contracts;
using Qube.Contracts.Telemetry;
using Qube.Domain.Ranges;

namespace Qube.Actors.Callbacks;

/// <content>Following logs without ever passing a hole: what is heard in order is folded, anything else is read from the log itself.</content>
public sealed partial class CallbackActor
{
    /// <summary>The backstop (design §4 step 12): should every word of an event have been lost, it is found in the log.</summary>
    private void SweepSources()
    {
        foreach (var source in sources.Values.Where(source => source.Bound && (source.Cursor > 0 || !source.IsJob)))
        {
            Read(source);
        }

        LayBy();
        AskForLabels();
        AskForHosts();
        SweepLater();
    }

    /// <summary>Jittered, so that ten thousand jobs do not look at their logs in one moment.</summary>
    private void SweepLater() => Timers.StartSingleTimer("sweep", Sweep.Instance, SweepInterval * (0.5 + Random.Shared.NextDouble()));

    /// <summary>Asks the jobs whose past counts, or whose items' names are not known yet, until they answer.</summary>
    private void AskSources()
    {
        var open = false;
        foreach (var source in sources.Values.Where(source => !source.Bound || (!source.KnowsAgenda && source.Cursor > 0)))
        {
            open = true;
            farm.Jobs.Tell(new JobMessages.GetSource { JobId = new JobId(source.Source) });
        }

        if (open)
        {
            Timers.StartSingleTimer("ask", AskAgain.Instance, AnswerLimit);
        }
    }

    private void OnSource(JobMessages.Source seen)
    {
        if (!sources.TryGetValue(seen.JobId.Value, out var source))
        {
            return;
        }

        if (seen.Exists)
        {
            Learn(source, seen.Agenda);
        }

        Note(source, seen);

        if (source.Bound)
        {
            Heard(source.Source, seen.LastSequenceNr);
            Read(source);
            return;
        }

        BeginAtSubmission(source, seen);
    }

    private static void Learn(SourceLog source, AgendaSpec? agenda)
    {
        source.KnowsAgenda = true;
        source.Agenda = agenda is null ? null : Agenda.FromSpec(agenda).Required();
    }

    private void OnEnvelope(BusMessages.Envelope envelope)
    {
        if (envelope.Created is { } created && created.Spec.Pgrp == spec.Pgrp)
        {
            Joined(created.Spec.Label, envelope.Source.Value);
        }

        if (SourceOf(envelope) is not { Bound: true } source)
        {
            return;
        }

        source.Known = Math.Max(source.Known, envelope.SequenceNr);
        if (source.Reading || envelope.SequenceNr <= source.Cursor)
        {
            return;
        }

        if (Follows(source, envelope) && (source.KnowsAgenda || envelope.Created is not null))
        {
            Fold(source, envelope.SequenceNr, envelope.Entry);
        }
        else
        {
            Read(source);
        }
    }

    private void Heard(long id, long position)
    {
        if (sources.TryGetValue(id, out var source))
        {
            source.Known = Math.Max(source.Known, position);
            if (source is { Bound: true, Reading: false } && source.Known > source.Cursor)
            {
                Read(source);
            }
        }
        else
        {
            HeardOfUnknown(id, position);
        }
    }

    /// <summary>Fills the hole from the log itself: everything after the cursor.</summary>
    private void Read(SourceLog source)
    {
        if (source.Reading || (source.Cursor > 0 && !source.KnowsAgenda))
        {
            return;
        }

        source.Reading = true;
        if (source.Known > source.Cursor)
        {
            FarmMeter.FellBehind(source);
        }

        var known = source.Known;
        ReadLog(source.Log, source.Cursor + 1, (entries, error) => new LogRead(source.Source, known, entries, error));
    }

    /// <summary>Tells itself what a log has from a sequence number on, or why that cannot be read.</summary>
    private void ReadLog(string log, long from, Func<IReadOnlyList<LogEntry>?, Exception?, object> tell) =>
        settings.ReadLog(log, from).ContinueWith(
            read => tell(read.IsCompletedSuccessfully ? read.Result : null, read.Exception?.GetBaseException()),
            TaskContinuationOptions.ExecuteSynchronously).PipeTo(self);

    private void SayUnreadable(SourceLog source, Exception? error) =>
        Log.Warning(error, "callbacks of job {0}: {1} could not be read; it is tried again", spec.JobId, source.Log);

    private void OnLogRead(LogRead read)
    {
        if (!sources.TryGetValue(read.Source, out var source))
        {
            return;
        }

        source.Reading = false;
        if (read.Entries is null)
        {
            SayUnreadable(source, read.Error);
            Timers.StartSingleTimer("sweep", Sweep.Instance, AnswerLimit);
            return;
        }

        foreach (var entry in read.Entries)
        {
            if (entry.SequenceNr == source.Cursor + 1)
            {
                Fold(source, entry.SequenceNr, entry.Event);
            }
        }

        // Heard of more than was there: it was published after this read began, and is read now.
        if (source.Known > source.Cursor && (read.Entries.Count > 0 || source.Known > read.Known))
        {
            Read(source);
        }
        else
        {
            FarmMeter.CaughtUp(source);
        }
    }
}

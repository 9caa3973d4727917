using Akka.Actor;
using Akka.Event;
using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <content>Where following an earlier job begins. What it did since the submission counts, however late these callbacks come to ask: a client that was told
/// "accepted" may make it happen at once. The job's answer tells where its log ends now; from there it is read back to the moment of the submission.</content>
public sealed partial class CallbackActor
{
    /// <summary>Entries of the log read at first; four times as many as long as they do not reach back to the submission. Mostly nothing has happened
    /// in between, and the first that is read is older already.</summary>
    private const int FirstLook = 16;

    private void BeginAtSubmission(SourceLog source, JobMessages.Source seen)
    {
        if (source.Reading)
        {
            return;
        }

        source.Reading = true;
        if (seen.Exists && seen.LastSequenceNr > 0)
        {
            LookBack(source.Log, seen, FirstLook);
        }
        else
        {
            BeginAt(source, seen, []);
        }
    }

    private void LookBack(string log, JobMessages.Source seen, long count)
    {
        var from = Math.Max(1, seen.LastSequenceNr - count + 1);
        ReadLog(log, from, (entries, error) => new LookedBack(seen, from, entries, error));
    }

    private void OnLookedBack(LookedBack read)
    {
        if (!sources.TryGetValue(read.Seen.JobId.Value, out var source) || source.Bound)
        {
            return;
        }

        if (read.Entries is null)
        {
            source.Reading = false;
            SayUnreadable(source, read.Error);
            return;
        }

        var known = read.Entries.Where(entry => entry.SequenceNr <= read.Seen.LastSequenceNr).ToList();
        if (read.From > 1 && known.TrueForAll(entry => AtMs(entry.Event) >= spec.SubmittedAtMs))
        {
            LookBack(source.Log, read.Seen, 4 * (read.Seen.LastSequenceNr - read.From + 1));
            return;
        }

        BeginAt(source, read.Seen, known.Where(entry => AtMs(entry.Event) >= spec.SubmittedAtMs));
    }

    private void BeginAt(SourceLog source, JobMessages.Source seen, IEnumerable<LogEntry> since)
    {
        var bound = new CallbackEvents.SourceBound
        {
            Source = source.Source,
            Cursor = seen.LastSequenceNr,
            Matches = [.. since.SelectMany(entry => fold.MatchesSince(source, entry)), .. fold.CatchupOf(source, seen)],
            AtMs = settings.NowMs(),
        };
        PersistAsync(bound, committed =>
        {
            foreach (var record in Bind(committed))
            {
                ActWhenOnFile(record);
            }

            Heard(source.Source, source.Known);
            Flush();
        });
        source.Bound = true;
    }

    private List<FiringRecord> Bind(CallbackEvents.SourceBound bound)
    {
        if (!sources.TryGetValue(bound.Source, out var source))
        {
            return [];
        }

        source.Bound = true;
        source.Reading = false;
        source.Cursor = Math.Max(source.Cursor, bound.Cursor);
        return Apply(bound.Matches, bound.AtMs > 0 ? bound.AtMs : settings.NowMs());
    }

    private sealed record LookedBack(JobMessages.Source Seen, long From, IReadOnlyList<LogEntry>? Entries, Exception? Error) : INoSerializationVerificationNeeded;
}

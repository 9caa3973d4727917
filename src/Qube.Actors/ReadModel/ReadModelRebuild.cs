using Qube.Contracts;
using Qube.Domain.Jobs;

namespace Qube.Actors.ReadModel;

/// <summary>Fills a read model from the logs alone (design §4): every id that the farm's log says was issued is one log, and what that log says in the end is
/// its row. No job is woken, and nothing is written but the rows.</summary>
/// <param name="readLog">At most so many events of a log from a sequence number on: log, from, most.</param>
/// <param name="batchRows">Rows in a transaction.</param>
public sealed class ReadModelRebuild(Func<string, long, int, Task<IReadOnlyList<LogEntry>>> readLog, int batchRows = 500)
{
    /// <summary>A job of a million frames is read in pieces.</summary>
    private const int EventsPerRead = 5_000;
    private const int LogsAtOnce = 16;

    /// <param name="into">Empty, or what is to be brought up to date: a row that is newer stays.</param>
    /// <param name="progress">Told from time to time how many ids of how many are done.</param>
    /// <param name="cancel">Leaves it half filled.</param>
    /// <returns>How many jobs were given rows.</returns>
    /// <exception cref="IOException">A log cannot be read.</exception>
    public async Task<int> Fill(IJobReadModel into, Action<int, int> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(into);
        ArgumentNullException.ThrowIfNull(progress);
        long[] ids = [.. await IssuedIds()];
        var jobs = 0;
        var done = 0;
        foreach (var chunk in ids.Chunk(batchRows))
        {
            var rows = new JobSummary?[chunk.Length];
            await Parallel.ForEachAsync(
                Enumerable.Range(0, chunk.Length),
                new ParallelOptions { MaxDegreeOfParallelism = LogsAtOnce, CancellationToken = cancel },
                async (at, _) => rows[at] = await RowOf(new JobId(chunk[at])));
            JobSummary[] known = [.. rows.OfType<JobSummary>()];
            into.Upsert(known);
            jobs += known.Length;
            progress(done += chunk.Length, ids.Length);
        }

        return jobs;
    }

    private async Task<IEnumerable<long>> IssuedIds()
    {
        var ids = new SortedSet<long>();
        await Fold(Names.Farm, entry =>
        {
            if (entry.Event is FarmEvents.IdsIssued issued)
            {
                for (var id = issued.FirstId; id < issued.FirstId + issued.Count; id++)
                {
                    ids.Add(id);
                }
            }
        });
        return ids;
    }

    /// <summary>Null for an id that no job was made of, and for a job that is no more.</summary>
    private async Task<JobSummary?> RowOf(JobId id)
    {
        JobState? state = null;
        var last = await Fold(Names.Job(id), entry =>
        {
            switch (entry.Event)
            {
                case JobEvents.Created created:
                    state = new JobState(created);
                    break;
                case JobEvents.Batch batch:
                    state?.Apply(batch);
                    break;
            }
        });
        return state is null or { IsGone: true } ? null : JobView.Summary(state, last, "");
    }

    private async Task<long> Fold(string log, Action<LogEntry> apply)
    {
        var last = 0L;
        while (true)
        {
            var page = await readLog(log, last + 1, EventsPerRead);
            foreach (var entry in page)
            {
                apply(entry);
                last = entry.SequenceNr;
            }

            if (page.Count < EventsPerRead)
            {
                return last;
            }
        }
    }
}

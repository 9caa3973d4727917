using Qube.Contracts;

namespace Qube.Actors.ReadModel;

/// <summary>Rows on their way to the read model: one per job, the latest version; a removal is the last word on its job.</summary>
public sealed class PendingRows
{
    private readonly Dictionary<JobId, JobSummary> _changed = [];
    private readonly HashSet<JobId> _removed = [];

    public int Count => _changed.Count + _removed.Count;

    public void Change(JobSummary row)
    {
        if (_removed.Contains(row.JobId) || (_changed.TryGetValue(row.JobId, out var known) && known.Version > row.Version))
        {
            return;
        }

        _changed[row.JobId] = row;
    }

    public void Remove(JobId jobId)
    {
        _changed.Remove(jobId);
        _removed.Add(jobId);
    }

    /// <summary>Writes everything, at most <paramref name="batchRows"/> in a transaction. What is written is forgotten at once, so that an
    /// exception leaves here exactly what is not stored yet.</summary>
    public void WriteTo(IJobReadModel model, int batchRows)
    {
        while (_changed.Count > 0)
        {
            var rows = _changed.Values.Take(batchRows).ToArray();
            model.Upsert(rows);
            foreach (var row in rows)
            {
                _changed.Remove(row.JobId);
            }
        }

        while (_removed.Count > 0)
        {
            var jobs = _removed.Take(batchRows).ToArray();
            model.Remove(jobs);
            _removed.ExceptWith(jobs);
        }
    }
}

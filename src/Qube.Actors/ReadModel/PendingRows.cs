using Qube.Contracts;
using Qube.Domain.Jobs;

namespace Qube.Actors.ReadModel;

/// <summary>Rows on their way to the read model: one per job, the latest version; a removal is the last word on its job.</summary>
public sealed class PendingRows
{
    private readonly Dictionary<JobId, JobSummary> _changed = [];
    private readonly Dictionary<JobId, JobSpec> _listed = [];
    private readonly HashSet<JobId> _removed = [];

    public int Count => _changed.Count + _listed.Count + _removed.Count;

    public void Change(JobSummary row)
    {
        if (_removed.Contains(row.JobId) || (_changed.TryGetValue(row.JobId, out var known) && known.Version > row.Version))
        {
            return;
        }

        _listed.Remove(row.JobId);
        _changed[row.JobId] = row;
    }

    /// <summary>A job that was accepted: anything that it says of itself is newer.</summary>
    public void List(JobSpec spec)
    {
        if (!_removed.Contains(spec.JobId) && !_changed.ContainsKey(spec.JobId))
        {
            _listed[spec.JobId] = spec;
        }
    }

    public void Remove(JobId jobId)
    {
        _changed.Remove(jobId);
        _listed.Remove(jobId);
        _removed.Add(jobId);
    }

    /// <summary>Writes everything, at most <paramref name="batchRows"/> in a transaction. What is written is forgotten at once, so that an
    /// exception leaves here exactly what is not stored yet.</summary>
    public void WriteTo(IJobReadModel model, int batchRows)
    {
        while (_changed.Count + _listed.Count > 0)
        {
            var rows = _changed.Values.Concat(_listed.Values.Select(RowOf)).Take(batchRows).ToArray();
            model.Upsert(rows);
            foreach (var row in rows)
            {
                if (!_changed.Remove(row.JobId))
                {
                    _listed.Remove(row.JobId);
                }
            }
        }

        while (_removed.Count > 0)
        {
            var jobs = _removed.Take(batchRows).ToArray();
            model.Remove(jobs);
            _removed.ExceptWith(jobs);
        }
    }

    /// <summary>As the job was accepted: older than the first entry of its log.</summary>
    private static JobSummary RowOf(JobSpec spec) =>
        JobView.Summary(new JobState(new JobEvents.Created { Spec = spec, AtMs = spec.SubmittedAtMs }), version: 0, "");
}

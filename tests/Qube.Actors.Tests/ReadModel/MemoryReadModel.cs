using Qube.Contracts;

namespace Qube.Actors.Tests.ReadModel;

/// <summary>Rows in memory, shared by every instance opened on the same shelf. A shelf can be told to fail, as a full disk does, and counts
/// the transactions that went through.</summary>
internal sealed class RowShelf
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<JobId, JobSummary> _rows = [];
    private readonly List<int> _batches = [];
    private int _failures;

    public int[] Batches
    {
        get
        {
            lock (_lock)
            {
                return [.. _batches];
            }
        }
    }

    public void FailNext(int writes)
    {
        lock (_lock)
        {
            _failures = writes;
        }
    }

    public IJobReadModel Open() => new MemoryReadModel(this);

    private void Write(int count, Action change)
    {
        lock (_lock)
        {
            if (_failures > 0)
            {
                _failures--;
                throw new IOException("disk full");
            }

            change();
            _batches.Add(count);
        }
    }

    private sealed class MemoryReadModel(RowShelf shelf) : IJobReadModel
    {
        public void Dispose()
        {
        }

        public void Upsert(IReadOnlyList<JobSummary> rows) => shelf.Write(rows.Count, () =>
        {
            foreach (var row in rows)
            {
                if (!shelf._rows.TryGetValue(row.JobId, out var known) || known.Version < row.Version)
                {
                    shelf._rows[row.JobId] = row;
                }
            }
        });

        public void Remove(IReadOnlyList<JobId> jobIds) => shelf.Write(jobIds.Count, () =>
        {
            foreach (var jobId in jobIds)
            {
                shelf._rows.Remove(jobId);
            }
        });

        public IReadOnlyList<JobSummary> Query(JobQuery query)
        {
            if (query.OrderBy is not "" and not "id DESC")
            {
                throw new ArgumentException($"jobs in memory cannot be ordered by '{query.OrderBy}'");
            }

            lock (shelf._lock)
            {
                return [.. shelf._rows.Values.Reverse().Where(row => query.Ids.Length == 0 || query.Ids.Contains(row.JobId.Value))];
            }
        }
    }
}

using Qube.Contracts;
using Qube.Storage.ReadModel;

namespace Qube.Actors.Tests.ReadModel;

/// <summary>A read model in a file of its own whose transactions are counted, and can be told to fail, as on a full disk.</summary>
internal sealed class RowShelf : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-rows-").FullName;
    private readonly List<int> _batches = [];
    private int _failures;

    /// <summary>How many rows or ids each transaction had that went through.</summary>
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

    public IJobReadModel Open() => new Counted(this, SqliteJobReadModel.Open(Path.Combine(_folder, "farm.db")));

    public JobSummary[] All()
    {
        using var model = Open();
        return [.. model.Query(new JobQuery())];
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

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

    private sealed class Counted(RowShelf shelf, IJobReadModel rows) : IJobReadModel
    {
        public void Dispose() => rows.Dispose();

        public void Upsert(IReadOnlyList<JobSummary> changed) => shelf.Write(changed.Count, () => rows.Upsert(changed));

        public void Remove(IReadOnlyList<JobId> jobIds) => shelf.Write(jobIds.Count, () => rows.Remove(jobIds));

        public IReadOnlyList<JobSummary> Query(JobQuery query) => rows.Query(query);

        public FarmTallies Tally() => rows.Tally();
    }
}

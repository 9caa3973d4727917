using Qube.Actors.ReadModel;
using Qube.Contracts;
using Xunit;

namespace Qube.Actors.Tests.ReadModel;

public sealed class PendingRowsTests : IDisposable
{
    private readonly RowShelf _shelf = new();
    private readonly PendingRows _pending = new();
    private readonly IJobReadModel _model;

    public PendingRowsTests() => _model = _shelf.Open();

    public void Dispose()
    {
        _model.Dispose();
        _shelf.Dispose();
    }

    [Fact]
    public void Should_write_one_row_per_job_when_it_changed_often()
    {
        _pending.Change(Row(1, 3, "running"));
        _pending.Change(Row(1, 4, "complete"));
        _pending.Change(Row(1, 2, "pending"));

        _pending.WriteTo(_model, 500);

        var row = Assert.Single(_model.Query(new JobQuery()));
        Assert.Equal("complete", row.Status);
        Assert.Equal([1], _shelf.Batches);
    }

    [Fact]
    public void Should_share_transactions_of_the_given_size_when_many_jobs_changed()
    {
        for (var job = 1; job <= 7; job++)
        {
            _pending.Change(Row(job, 1, "pending"));
        }

        _pending.WriteTo(_model, 3);

        Assert.Equal([3, 3, 1], _shelf.Batches);
        Assert.Equal(0, _pending.Count);
    }

    [Fact]
    public void Should_keep_a_removal_when_a_change_comes_after_it()
    {
        _model.Upsert([Row(1, 1, "complete")]);
        _pending.Change(Row(1, 2, "complete"));
        _pending.Remove(new JobId(1));
        _pending.Change(Row(1, 3, "complete"));

        _pending.WriteTo(_model, 500);

        Assert.Empty(_model.Query(new JobQuery()));
    }

    [Fact]
    public void Should_keep_exactly_what_is_not_stored_when_a_write_fails()
    {
        for (var job = 1; job <= 4; job++)
        {
            _pending.Change(Row(job, 1, "pending"));
        }

        _pending.Remove(new JobId(9));
        _shelf.FailNext(1);
        Assert.Throws<IOException>(() => _pending.WriteTo(_model, 2));
        Assert.Equal(5, _pending.Count);

        _pending.WriteTo(_model, 2);

        Assert.Equal(0, _pending.Count);
        Assert.Equal([4L, 3L, 2L, 1L], _model.Query(new JobQuery()).Select(row => row.JobId.Value));
    }

    [Fact]
    public void Should_make_the_row_of_an_accepted_job_unless_it_has_spoken_for_itself_or_is_gone()
    {
        _pending.List(new JobSpec { JobId = new JobId(1), Name = "as accepted" });
        _pending.List(new JobSpec { JobId = new JobId(2) });
        _pending.Change(Row(2, 3, "running"));
        _pending.List(new JobSpec { JobId = new JobId(2) });
        _pending.List(new JobSpec { JobId = new JobId(3) });
        _pending.Remove(new JobId(3));
        _pending.List(new JobSpec { JobId = new JobId(3) });
        Assert.Equal(3, _pending.Count);

        _pending.WriteTo(_model, 500);

        Assert.Equal([(2L, 3L, "running"), (1L, 0L, "pending")], _model.Query(new JobQuery()).Select(row => (row.JobId.Value, row.Version, row.Status)));
        Assert.Equal(0, _pending.Count);
    }

    private static JobSummary Row(long job, long version, string status) => new() { JobId = new JobId(job), Version = version, Status = status };
}

using System.Text.Json;
using Microsoft.Data.Sqlite;
using Qube.Contracts;
using Qube.Storage.ReadModel;

namespace Qube.Storage.Tests.ReadModel;

/// <summary>A read model in a file of a test's own.</summary>
public abstract class ReadModelTest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-read-model-").FullName;
    private readonly List<IJobReadModel> _opened = [];

    protected string FilePath => Path.Combine(_folder, StorageConfig.ReadModelFile);

    public void Dispose()
    {
        _opened.ForEach(model => model.Dispose());
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected IJobReadModel Open()
    {
        var model = SqliteJobReadModel.Open(FilePath);
        _opened.Add(model);
        return model;
    }

    /// <summary>The same file without our code.</summary>
    protected SqliteConnection Connection()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = FilePath, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    protected static JobSummary Row(long id, long version = 1) => new() { JobId = new JobId(id), Version = version };

    /// <summary>A dictionary as JobView writes it: the writer's own escapes included.</summary>
    protected static string Json(object dictionary) => JsonSerializer.Serialize(dictionary);

    protected static long[] Ids(IEnumerable<JobSummary> rows) => [.. rows.Select(row => row.JobId.Value)];

    protected static long[] Ids(IJobReadModel model, JobQuery query) => Ids(model.Query(query));

    protected static JobQuery Where(string name, params string[] patterns) => new() { Filters = [new JobFilter { Name = name, Patterns = patterns }] };
}

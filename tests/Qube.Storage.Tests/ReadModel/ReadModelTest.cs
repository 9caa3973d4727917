using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using Qube.Contracts;
using Qube.Storage.ReadModel;

namespace Qube.Storage.Tests.ReadModel;

/// <summary>A read model of a test's own: in a SQLite file, or, where a database is named, in PostgreSQL.</summary>
public abstract class ReadModelTest : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-read-model-").FullName;
    private readonly List<IJobReadModel> _opened = [];
    private readonly string? _postgres;

    /// <param name="postgres">A database that the tests of one class use one after another; null is a file.</param>
    protected ReadModelTest(string? postgres = null)
    {
        _postgres = postgres;
        if (_postgres is not null)
        {
            Open();
            using var connection = Connection();
            using var clear = connection.CreateCommand();
            clear.CommandText = "TRUNCATE jobs";
            clear.ExecuteNonQuery();
        }
    }

    protected string FilePath => Path.Combine(_folder, StorageConfig.ReadModelFile);

    public void Dispose()
    {
        _opened.ForEach(model => model.Dispose());
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected IJobReadModel Open()
    {
        var model = _postgres is null ? SqliteJobReadModel.Open(FilePath) : PostgresJobReadModel.Open(_postgres);
        _opened.Add(model);
        return model;
    }

    /// <summary>The same place without our code.</summary>
    protected DbConnection Connection()
    {
        DbConnection connection = _postgres is null
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = FilePath, Pooling = false }.ConnectionString)
            : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_postgres) { Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>The jobs of which more than the number is still stored.</summary>
    protected long[] IdsWithDictionary()
    {
        using var connection = Connection();
        using var left = connection.CreateCommand();
        left.CommandText = _postgres is null ? "SELECT id FROM bodies" : "SELECT id FROM jobs WHERE body <> '{}'";
        using var reader = left.ExecuteReader();
        var ids = new List<long>();
        while (reader.Read())
            ids.Add(reader.GetInt64(0));
        return [.. ids];
    }

    protected static JobSummary Row(long id, long version = 1) => new() { JobId = new JobId(id), Version = version };

    /// <summary>A dictionary as JobView writes it: the writer's own escapes included.</summary>
    protected static string Json(object dictionary) => JsonSerializer.Serialize(dictionary);

    protected static long[] Ids(IEnumerable<JobSummary> rows) => [.. rows.Select(row => row.JobId.Value)];

    protected static long[] Ids(IJobReadModel model, JobQuery query) => Ids(model.Query(query));

    protected static JobQuery Where(string name, params string[] patterns) => new() { Filters = [new JobFilter { Name = name, Patterns = patterns }] };
}

using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace Qube.Storage.Tests.Journal;

public sealed class SqliteJournalTests : JournalContract
{
    private readonly string _folder;

    public SqliteJournalTests(ITestOutputHelper output)
        : this(output, Directory.CreateTempSubdirectory("qube-journal-").FullName)
    {
    }

    private SqliteJournalTests(ITestOutputHelper output, string folder)
        : base(output, StorageConfig.Sqlite(folder)) => _folder = folder;

    protected override (string Store, string Connection) ForWriterProcess => ("sqlite", _folder);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    protected override IReadOnlyList<(int SerializerId, string Manifest, string Tags)> ReadRows()
    {
        using var connection = new SqliteConnection($"Data Source={_folder}/{StorageConfig.JournalFile}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT identifier, manifest, tags FROM journal ORDER BY ordering";
        using var reader = command.ExecuteReader();
        return Rows.Read(reader);
    }
}

using Npgsql;
using Xunit;
using Xunit.Abstractions;

namespace Qube.Storage.Tests.Journal;

public sealed class PostgresJournalTests : JournalContract, IClassFixture<PostgresServer>
{
    private readonly string _connectionString;

    public PostgresJournalTests(ITestOutputHelper output, PostgresServer server)
        : this(output, server.NewDatabase())
    {
    }

    private PostgresJournalTests(ITestOutputHelper output, string connectionString)
        : base(output, StorageConfig.PostgreSql(connectionString)) => _connectionString = connectionString;

    protected override (string Store, string Connection) ForWriterProcess => ("postgresql", _connectionString);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
    }

    protected override IReadOnlyList<(int SerializerId, string Manifest, string Tags)> ReadRows()
    {
        using var connection = new NpgsqlConnection(_connectionString);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT identifier, manifest, tags FROM journal ORDER BY ordering", connection);
        using var reader = command.ExecuteReader();
        return Rows.Read(reader);
    }
}

using System.Text.Json;
using Qube.Contracts;
using Xunit;

namespace Qube.Storage.Tests.ReadModel;

public sealed class PostgresJobReadModelTests(PostgresServer server) : JobReadModelContract(server.Shared), IClassFixture<PostgresServer>
{
    /// <summary>The supervisor that the job has left may write a row of it late.</summary>
    [Fact]
    public void Should_not_bring_a_removed_job_back_when_another_supervisor_writes_an_older_row()
    {
        var (here, there) = (Open(), Open());
        here.Upsert([Row(1), Row(2)]);

        here.Remove([new JobId(1)]);
        there.Upsert([Row(1, version: 9)]);

        Assert.Equal([2], Ids(there, new JobQuery()));
    }

    [Fact]
    public void Should_store_all_rows_when_one_has_characters_that_the_database_cannot_hold()
    {
        var model = Open();
        var strange = """{"a\u0000b":"x\ud83dy","pair":"\ud83c\udfac","back\\u0000slash":"kept","tail":"\uDFAC"}""";

        model.Upsert([Row(1) with { Name = "nul\0 half\uD83D whole🎬", Json = strange }, Row(2) with { Name = "plain" }]);

        Assert.Equal(["plain", "nul\uFFFD half\uFFFD whole🎬"], model.Query(new JobQuery()).Select(row => row.Name));
        Assert.Equal([1], Ids(model, Where("pair", "🎬")));
        Assert.Equal([1], Ids(model, Where("back\\u0000slash", "kept")));
        Assert.Equal([1], Ids(model, Where("a\0b", "x*y")));
        using var seen = JsonDocument.Parse(Assert.Single(model.Query(new JobQuery { Ids = [1] })).Json);
        Assert.Equal(4, seen.RootElement.EnumerateObject().Count());
    }
}

using System.Text;
using System.Text.Json;
using Qube.Domain.Execution;
using Xunit;

namespace Qube.Node.Tests.Api;

public sealed class LogTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new();

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(LogPaths.Folder(_farm.LogPath, 1234));
        File.WriteAllText(LogPaths.Out(_farm.LogPath, 1234, 10), "ten");
        File.WriteAllText(LogPaths.Out(_farm.LogPath, 1234, 2), "grüße\n");
        File.WriteAllText(LogPaths.Err(_farm.LogPath, 1234, 2), "err");
        File.WriteAllText(LogPaths.Callbacks(_farm.LogPath, 1234), "fired");
        return _farm.InitializeAsync();
    }

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Theory]
    [InlineData("'1234'", "out", "1234.2 grüße\n 8; 1234.10 ten 3")]
    [InlineData("'1234.10'", "out", "1234.10 ten 3")]
    [InlineData("'1234.10','1234.2'", "err", "1234.2 err 3")]
    [InlineData("'1234'", "cb", "1234.-1 fired 5")]
    [InlineData("'99'", "out", "")]
    [InlineData("'99'", "cb", "")]
    public async Task Should_read_the_logs_that_exist_when_ids_name_them(string ids, string stream, string expected) =>
        Assert.Equal(expected, string.Join("; ", (await Read(ids, stream, 0, -1)).Select(log =>
            $"{log.GetProperty("jobid")}.{log.GetProperty("subid")} {log.GetProperty("data")} {log.GetProperty("fullsize")}")));

    [Theory]
    [InlineData(6, -1, "e\n")]
    [InlineData(-3, -1, "\u00dfe\n")]
    [InlineData(0, 2, "gr")]
    [InlineData(50, -1, "")]
    public async Task Should_read_a_part_when_it_is_asked_for_one(long pos, long len, string expected)
    {
        var log = Assert.Single(await Read("'1234.2'", "out", pos == -3 ? -4 : pos, len));

        Assert.Equal(expected, log.GetProperty("data").GetString());
    }

    [Fact]
    public async Task Should_lose_no_character_when_it_is_read_piece_by_piece()
    {
        var text = new StringBuilder();
        long next = 0;
        for (var read = 0; next < 8; read++)
        {
            Assert.True(read < 10, $"at byte {next} after {read} reads: '{text}'");
            var log = Assert.Single(await Read("'1234.2'", "out", next, 5));
            text.Append(log.GetProperty("data").GetString());
            next = log.GetProperty("next").GetInt64();
        }

        Assert.Equal("grüße\n", text.ToString());
    }

    [Fact]
    public async Task Should_refuse_a_stream_when_there_is_none_of_that_name() =>
        Assert.Equal(
            "'all' is no stream; known are out, err and cb",
            (await _farm.PostError("/api/v1/logs", "{'ids':['1'],'stream':'all'}")).Error.GetProperty("message").GetString());

    private async Task<JsonElement[]> Read(string ids, string stream, long pos, long len) =>
        [.. (await _farm.PostOk("/api/v1/logs", $"{{'ids':[{ids}],'stream':'{stream}','pos':{pos},'len':{len}}}")).GetProperty("logs").EnumerateArray()];
}

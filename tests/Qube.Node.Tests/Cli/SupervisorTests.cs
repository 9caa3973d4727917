using System.Net;
using System.Net.Sockets;
using System.Text;
using Qube.Contracts;
using Qube.Node.Cli;
using Qube.Node.Tests.Api;
using Xunit;

namespace Qube.Node.Tests.Cli;

public sealed class SupervisorTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new() { Options = options => options with { AskLimit = TimeSpan.FromMilliseconds(60) } };

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Theory]
    [InlineData("sub true")]
    [InlineData("jobs")]
    [InlineData("hosts")]
    [InlineData("kill 12")]
    [InlineData("lock h1")]
    [InlineData("out 12")]
    [InlineData("hist 12")]
    [InlineData("ping")]
    public async Task Should_say_so_when_nothing_listens_there(string line)
    {
        var closed = ClosedPort();

        var result = await new CliRun(closed).Run(line.Split(' '));

        Assert.Equal((CliExit.Away, ""), (result.Code, result.Output));
        Assert.StartsWith($"qube {line.Split(' ')[0]}: supervisor {closed.GetLeftPart(UriPartial.Authority)} cannot be reached: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_go_where_the_option_says_when_there_is_a_variable_too()
    {
        var result = await new CliRun(ClosedPort()).Run("ping", "--supervisor", _farm.Client.BaseAddress!.ToString());

        Assert.Equal((CliExit.Ok, ""), (result.Code, result.Error));
    }

    [Fact]
    public async Task Should_try_again_with_the_same_request_when_the_farm_is_not_ready()
    {
        var lost = 0;
        _farm.Answers = message => message is JobMessages.ControlJob command
            ? ++lost > 20 ? new JobMessages.ControlDone { JobId = command.JobId, Affected = ["12.0"] } : ServedFarm.Silence
            : null;

        var result = await new CliRun(_farm).Run("kill", "12");

        Assert.Equal((CliExit.Ok, "12.0\n", ""), (result.Code, result.Output, result.Error));
        Assert.Single(_farm.Heard<JobMessages.ControlJob>().Select(command => command.RequestId).Distinct());
    }

    [Fact]
    public async Task Should_give_up_when_the_farm_does_not_get_ready()
    {
        _farm.Answers = _ => ServedFarm.Silence;

        var result = await new CliRun(_farm) { Patience = TimeSpan.Zero }.Run("kill", "12");

        Assert.Equal(CliExit.Away, result.Code);
        Assert.Contains("job 12 did not answer within 0.1 seconds; try again", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_so_when_something_else_listens_there()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var other = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            Assert.True(await stream.ReadAtLeastAsync(new byte[4096], 1) > 0);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"));
        });

        var result = await new CliRun(new Uri($"http://{listener.LocalEndpoint}")).Run("ping");
        await other;

        Assert.Equal(CliExit.Away, result.Code);
        Assert.Contains("answered with something that is not JSON: is it a supervisor?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_the_token_when_there_is_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var heard = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            var request = new byte[4096];
            var count = await stream.ReadAsync(request);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            return Encoding.ASCII.GetString(request, 0, count);
        });

        var result = await new CliRun(new Uri($"http://{listener.LocalEndpoint}")) { Variables = { ["QB_TOKEN"] = "s3cret\n" } }.Run("ping");

        Assert.Contains("Authorization: Bearer s3cret\r\n", await heard, StringComparison.Ordinal);
        Assert.Equal((CliExit.Refused, true), (result.Code, result.Error.EndsWith("answered with HTTP 401\n", StringComparison.Ordinal)));
    }

    private static Uri ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return new Uri($"http://127.0.0.1:{port}/");
    }
}

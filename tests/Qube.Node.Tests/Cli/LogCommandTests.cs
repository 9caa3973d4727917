using Qube.Contracts;
using Qube.Domain.Execution;
using Qube.Node.Cli;
using Qube.Node.Tests.Api;
using Xunit;

namespace Qube.Node.Tests.Cli;

public sealed class LogCommandTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new();

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(LogPaths.Folder(_farm.LogPath, 1234));
        Write(0, "zero");
        Write(2, "grüße\n");
        File.WriteAllText(LogPaths.Err(_farm.LogPath, 1234, 2), "oops\n");
        _farm.Answers = message => message is JobMessages.GetJob { JobId.Value: 1234 } get
            ? new JobMessages.JobReply
            {
                JobId = get.JobId,
                Exists = true,
                Json = JobJson.Of(1234, "running", todo: 2, agenda: new object[] { new { name = "a b", subid = 2, status = "running" }, new { name = "7", subid = -1, status = "pending" } }),
            }
            : null;
        return _farm.InitializeAsync();
    }

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Theory]
    [InlineData("out|1234", "==> 1234.0 <==\nzero\n==> 1234.2 <==\ngrüße\n")]
    [InlineData("out|1234.2", "grüße\n")]
    [InlineData("err|1234", "oops\n")]
    [InlineData("out|1234:a b", "grüße\n")]
    [InlineData("out|1234.0|--pos|-2", "ro")]
    [InlineData("out|1234.0|1234.2|--pos|4", "==> 1234.2 <==\nße\n")]
    public async Task Should_print_what_was_written_when_ids_name_it(string line, string expected)
    {
        var result = await new CliRun(_farm).Run(line.Split('|'));

        Assert.Equal((CliExit.Ok, expected, ""), (result.Code, result.Output, result.Error));
    }

    [Theory]
    [InlineData("1234.9", CliExit.Ok, "qube out: job 1234 has written nothing yet\n")]
    [InlineData("99", CliExit.Refused, "qube out: there is no job 99\n")]
    [InlineData("99:1", CliExit.Refused, "qube out: there is no job 99\n")]
    [InlineData("1234:8", CliExit.Refused, "qube out: job 1234 has no item '8'\n")]
    [InlineData("1234:7", CliExit.Refused, "qube out: item '7' of job 1234 has not run: it is pending\n")]
    public async Task Should_say_why_when_there_is_nothing_to_print(string id, int code, string error)
    {
        var result = await new CliRun(_farm).Run("out", id);

        Assert.Equal((code, "", error), (result.Code, result.Output, result.Error));
    }

    [Fact]
    public async Task Should_print_all_that_comes_until_the_job_is_done_when_it_is_followed()
    {
        var asked = 0;
        _farm.Answers = message =>
        {
            if (message is not JobMessages.GetJob get)
            {
                return null;
            }

            // Written while the job is asked about: the last of it just before it is done.
            asked++;
            File.AppendAllText(LogPaths.Out(_farm.LogPath, 1234, 2), $"line {asked}\n");
            if (asked == 3)
            {
                Write(3, "late\n");
            }

            return new JobMessages.JobReply { JobId = get.JobId, Exists = true, Json = JobJson.Of(1234, asked < 5 ? "running" : "complete") };
        };

        var result = await new CliRun(_farm).Run("out", "1234", "--follow");

        Assert.Equal((CliExit.Ok, ""), (result.Code, result.Error));
        Assert.Equal(
            "==> 1234.0 <==\nzero\n==> 1234.2 <==\ngrüße\nline 1\nline 2\nline 3\n==> 1234.3 <==\nlate\n==> 1234.2 <==\nline 4\nline 5\n", result.Output);
    }

    private void Write(int instance, string text) => File.WriteAllText(LogPaths.Out(_farm.LogPath, 1234, instance), text);
}

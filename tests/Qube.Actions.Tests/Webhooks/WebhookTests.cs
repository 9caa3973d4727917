using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Qube.Actions.External;
using Qube.Actions.Mail;
using Qube.Actions.Tests.Scripts;
using Qube.Actions.Webhooks;
using Qube.Contracts.Actions;
using Xunit;

namespace Qube.Actions.Tests.Webhooks;

/// <summary>Web hooks over real HTTP on loopback.</summary>
public sealed class WebhookTests
{
    private static readonly RetryOptions Soon = new() { Attempts = 4, FirstWaitSeconds = 0.01, LongestWaitSeconds = 0.05 };

    [Fact]
    public async Task Should_post_a_signed_cloud_event()
    {
        await using var receiver = new HookReceiver();
        Assert.Equal(new ActionOutcome(true, "HTTP 200", 1), await Send(receiver, ActionRuns.Of("webhook", receiver.Url, "complete-work-ribgen-5")));
        HookReceiver.Post post = Assert.Single(receiver.Posts);
        Assert.Equal("POST /hook HTTP/1.1", post.RequestLine);
        Assert.Equal("application/cloudevents+json; charset=utf-8", post.Headers["Content-Type"]);
        Assert.Equal("12%2F2%2F12%2F7%2F0%2Fgr%C3%B6%C3%9Fe", post.Headers["X-Qube-Firing"]);
        Assert.Equal("1", post.Headers["X-Qube-Attempt"]);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("the secret"u8.ToArray(), post.Body)), post.Headers["X-Qube-Signature-256"]);

        using JsonDocument document = JsonDocument.Parse(post.Body);
        JsonElement root = document.RootElement;
        Assert.Equal(
            ("1.0", "12/2/12/7/0/größe", "qube.work.complete", "http://127.0.0.1:50001/api/v1/jobs/12", "12:5", "2023-11-14T22:13:25.678Z", "application/json"),
            (Text(root, "specversion"), Text(root, "id"), Text(root, "type"), Text(root, "source"), Text(root, "subject"), Text(root, "time"), Text(root, "datacontenttype")));
        JsonElement data = root.GetProperty("data");
        Assert.Equal("lunch", Text(data.GetProperty("job"), "name"));
        Assert.False(data.GetProperty("job").TryGetProperty("agenda", out _), "expected the item beside the job, not in it");
        Assert.Equal("node7", Text(data.GetProperty("item"), "host"));
        Assert.Equal("complete-work-ribgen-5", Text(data, "event"));
    }

    [Fact]
    public async Task Should_send_the_same_bytes_again_until_it_is_taken()
    {
        await using var receiver = new HookReceiver { Answer = post => post switch { 1 => "500 Oops", 2 => "close", 3 => "429 Slow down\r\nRetry-After: 3600", _ => "204 No Content" } };
        ActionRun run = ActionRuns.Of("webhook", receiver.Url);
        ActionOutcome outcome = await Send(receiver, run);
        // A connection closed under it is tried anew by the client itself or by us: three or four posts, one event.
        Assert.Equal((true, "HTTP 204"), (outcome.IsDone, outcome.Text));
        Assert.Single(receiver.Posts.Select(post => Convert.ToBase64String(post.Body) + post.Headers["X-Qube-Signature-256"] + post.Headers["X-Qube-Firing"]).Distinct());
        string notes = await File.ReadAllTextAsync(run.OutputPath);
        Assert.Contains("web hook: HTTP 500 Oops: words of the receiver; attempt 1 of 4, again in ", notes, StringComparison.Ordinal);
        Assert.EndsWith("web hook: HTTP 204 ===\n", notes, StringComparison.Ordinal);
        Assert.DoesNotContain("the secret", notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404 Not Found", "dead letter: HTTP 404 Not Found: words of the receiver", 1)]
    [InlineData("503 Busy", "dead letter: HTTP 503 Busy: words of the receiver (4 attempts)", 4)]
    [InlineData("hang", "dead letter: no answer within 0.3 s (4 attempts)", 4)]
    [InlineData("307 Elsewhere\r\nLocation: http://127.0.0.1:1/", "dead letter: HTTP 307 Elsewhere: redirections are not followed, to http://127.0.0.1:1/", 1)]
    public async Task Should_end_as_a_dead_letter_when_it_is_not_taken(string answer, string text, int attempts)
    {
        await using var receiver = new HookReceiver { Answer = _ => answer };
        ActionOutcome outcome = await Send(receiver, ActionRuns.Of("webhook", receiver.Url), seconds: answer == "hang" ? 0.3 : 30);
        Assert.Equal(new ActionOutcome(false, text, attempts, IsDeadLetter: true), outcome);
        Assert.Equal(attempts, receiver.Posts.Count);
    }

    [Fact]
    public async Task Should_say_what_the_network_says_when_nobody_listens()
    {
        await using var receiver = new HookReceiver();
        ActionOutcome outcome = await Send(receiver, ActionRuns.Of("webhook", "http://127.0.0.1:1/"));
        Assert.Equal((false, 4), (outcome.IsDone, outcome.Attempts));
        Assert.Matches("^dead letter: .*refused.* \\(4 attempts\\)$", outcome.Text);
    }

    [Fact]
    public async Task Should_hold_up_nobody_else_when_one_hangs_or_waits_for_its_next_attempt()
    {
        await using var dead = new HookReceiver { Answer = _ => "503 Busy" };
        await using var good = new HookReceiver();
        await using var runner = new ActionRunner(new MailOptions(), new WebhookOptions { Concurrency = 2, Retry = new RetryOptions { Attempts = 5, FirstWaitSeconds = 3000, LongestWaitSeconds = 3000 } });
        using var stop = new CancellationTokenSource();
        Task<ActionOutcome>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => runner.RunAsync(ActionRuns.Of("webhook", dead.Url), _ => { }, stop.Token))];
        Assert.True((await runner.RunAsync(ActionRuns.Of("webhook", good.Url), _ => { }, stop.Token).WaitAsync(Eventually.Limit)).IsDone);
        await stop.CancelAsync();
        foreach (Task<ActionOutcome> one in waiting)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }
    }

    [Theory]
    [InlineData(1, 0.0, null, 1.0)]
    [InlineData(1, 1.0, null, 2.0)]
    [InlineData(3, 1.0, null, 8.0)]
    [InlineData(60, 1.0, null, 300.0)]
    [InlineData(1, 0.0, 60.0, 60.0)]
    [InlineData(1, 0.0, 86400.0, 300.0)]
    [InlineData(1000, 0.5, null, 225.0)]
    public void Should_wait_longer_each_time_within_bounds(int attempt, double chance, double? askedFor, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), new RetryOptions().WaitAfter(attempt, chance, askedFor is { } seconds ? TimeSpan.FromSeconds(seconds) : null));

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString()!;

    private static async Task<ActionOutcome> Send(HookReceiver receiver, ActionRun run, double seconds = 30)
    {
        await using var runner = new ActionRunner(new MailOptions(), new WebhookOptions { Secret = "the secret", TimeoutSeconds = seconds, Retry = Soon });
        return await runner.RunAsync(run, _ => { }, CancellationToken.None).WaitAsync(Eventually.Limit);
    }
}

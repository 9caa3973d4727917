using System.Globalization;
using System.Security.Cryptography;
using Qube.Actions.Tests.Mail;
using Qube.Actions.Tests.Webhooks;
using Qube.Cluster.Tests.Farms;
using Qube.Contracts;
using Xunit;

namespace Qube.Cluster.Tests.Acceptance;

/// <summary>What callbacks do outside of the farm, through <c>qube up</c> to a mail server and a receiver of web hooks on loopback.</summary>
public sealed class ActionTests : IAsyncLifetime
{
    private readonly SmtpServer _smtp = new();
    private readonly HookReceiver _hooks = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "qube-actions-" + Guid.NewGuid().ToString("N")[..12]);

    private FarmProcess _farm = null!;
    private string _config = "";

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(_folder);
        OpenToAll.Folder(_folder);
        string secret = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(secret, "the secret\n");
        _config = Path.Combine(_folder, "site.hocon");
        await File.WriteAllTextAsync(
            _config,
            string.Create(CultureInfo.InvariantCulture, $$"""
            qube.mail.host = "127.0.0.1"
            qube.mail.port = {{_smtp.Port}}
            qube.mail.domain = "example.com"
            qube.mail.first-wait = 100ms
            qube.webhooks.secret-file = "{{secret}}"
            qube.webhooks.first-wait = 100ms
            """));
        _farm = await FarmProcess.StartAsync(new FarmSetup { Options = ["--config", _config] });
    }

    public async Task DisposeAsync()
    {
        await _farm.DisposeAsync();
        await _smtp.DisposeAsync();
        await _hooks.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Should_mail_when_a_job_is_done_an_item_completes_or_a_verb_says_so()
    {
        var busy = 0;
        _smtp.Answer = line => line.StartsWith("MAIL", StringComparison.Ordinal) && Interlocked.Increment(ref busy) == 1 ? "451 not now" : null;
        string job = (await PythonScript.Run(_farm, "actions.py", "mail")).Trim();
        Assert.Equal(3, _smtp.Mails.Count);
        Assert.All(_smtp.Mails, mail => Assert.Equal(["wanda@example.com", "bob@other.org"], mail.To));
        Assert.Equal(3, _smtp.Mails.Select(mail => mail.Header("Message-Id")).Distinct().Count());
        Assert.Equal(2, _smtp.Mails.Count(mail => mail.Header("Subject").StartsWith($"job {job} test ", StringComparison.Ordinal) && mail.Header("Subject").EndsWith("-: complete", StringComparison.Ordinal)));
        Assert.Contains(_smtp.Mails, mail => mail.Header("Subject").EndsWith(", item 2: complete", StringComparison.Ordinal) && mail.Body.Contains("Host:       farmhost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_post_signed_events_again_until_they_are_taken_and_bury_those_that_never_will_be()
    {
        _hooks.Answer = post => post switch { 1 => "500 Oops", 2 => "410 Gone", _ => "200 OK" };
        await PythonScript.Run(_farm, "actions.py", "webhook", _hooks.Url);
        Assert.Equal(4, _hooks.Posts.Count);
        Assert.Equal(3, _hooks.Posts.Select(post => post.Headers["X-Qube-Firing"]).Distinct().Count());
        Assert.Single(_hooks.Posts, post => post.Headers["X-Qube-Attempt"] == "2");
        Assert.All(_hooks.Posts, post => Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("the secret"u8.ToArray(), post.Body)), post.Headers["X-Qube-Signature-256"]));
    }

    [Fact]
    public Task Should_unblock_a_job_when_a_perl_callback_says_so() => PythonScript.Run(_farm, "actions.py", "perl");

    /// <summary>Once recorded, once sent: both ends of the outbox, a mail and a web hook each.</summary>
    [Theory]
    [InlineData(CrashPointNames.CallbackAfterCommit)]
    [InlineData(CrashPointNames.CallbackBeforeScript)]
    [InlineData(CrashPointNames.CallbackAfterScript)]
    public async Task Should_send_each_at_least_once_under_one_firing_when_the_node_dies_at(string point)
    {
        await using FarmProcess farm = await FarmProcess.StartAsync(new FarmSetup { Options = ["--config", _config], CrashAt = point + ":1" });
        farm.KeepAlive();
        await PythonScript.Run(farm, "actions.py", "sent", _hooks.Url);
        Assert.True(File.Exists(farm.CrashFile), $"expected the node to have died at {point}");
        Assert.InRange(_hooks.Posts.Count, 1, 2);
        Assert.InRange(_smtp.Mails.Count, 1, 2);
        Assert.Single(_hooks.Posts.Select(post => post.Headers["X-Qube-Firing"]).Distinct());
        Assert.Single(_smtp.Mails.Select(mail => mail.Header("Message-Id") + mail.Header("X-Qube-Firing")).Distinct());
    }

    [Fact]
    public async Task Should_do_each_at_least_once_under_one_firing_when_the_node_is_killed_with_all_in_flight()
    {
        string flag = Path.Combine(_folder, "script-in-flight");
        using var released = new ManualResetEventSlim();
        var mails = 0;
        _smtp.Answer = line =>
        {
            if (line == "." && Interlocked.Increment(ref mails) == 1)
            {
                released.Wait();
            }

            return null;
        };
        _hooks.Answer = post => post == 1 ? "hang" : "200 OK";
        Task<string> client = PythonScript.Run(_farm, "actions.py", "in-flight", _hooks.Url, flag);
        await Eventually.Get(
            "mail, web hook and script in flight", () => (Mails: Volatile.Read(ref mails), Hooks: _hooks.Posts.Count, Script: File.Exists(flag)), seen => (seen is { Mails: 1, Hooks: 1, Script: true }) || client.IsFaulted);
        _farm.KeepAlive();
        _farm.KillNode();
        await Eventually.Get("the node's second life ready", () => _farm.TimesReady, times => times >= 2);
        released.Set();
        await client;

        // The mail that was taken while its sender died came twice: it is the same to every mail system that looks.
        await Eventually.Get("both mails taken", () => _smtp.Mails.Count, count => count == 2);
        Assert.Single(_smtp.Mails.Select(mail => mail.Header("Message-Id") + mail.Header("X-Qube-Firing")).Distinct());
        Assert.Equal(2, _hooks.Posts.Count);
        Assert.Single(_hooks.Posts.Select(post => post.Headers["X-Qube-Firing"]).Distinct());
    }
}

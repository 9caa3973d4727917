using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Qube.Actions.External;
using Qube.Actions.Mail;
using Qube.Actions.Tests.Scripts;
using Qube.Actions.Webhooks;
using Qube.Contracts.Actions;
using Xunit;

namespace Qube.Actions.Tests.Mail;

/// <summary>Mails over a real conversation on loopback.</summary>
public sealed class MailTests
{
    private static readonly RetryOptions Soon = new() { Attempts = 4, FirstWaitSeconds = 0.01, LongestWaitSeconds = 0.05 };

    [Fact]
    public async Task Should_arrive_with_headers_and_the_shipped_template_when_a_job_is_done()
    {
        await using var server = new SmtpServer();
        ActionOutcome outcome = await Send(Options(server), ActionRuns.Of("mail", "", "done-job-self"));
        Assert.Equal(new ActionOutcome(true, "sent to wanda@example.com", 1), outcome);
        SmtpServer.Mail mail = Assert.Single(server.Mails);
        Assert.Equal(("qube@example.com", "wanda@example.com"), (mail.From, Assert.Single(mail.To)));
        Assert.Equal("\"Qube.Actors - Supervisor\" <qube@example.com>", mail.Header("From"));
        Assert.Equal("job 12 lunch: running", mail.Header("Subject"));
        Assert.Equal("text/plain; charset=us-ascii", mail.Header("Content-Type").ToLowerInvariant());
        Assert.Equal("auto-generated", mail.Header("Auto-Submitted"));
        Assert.Equal("12%2F2%2F12%2F7%2F0%2Fgr%C3%B6%C3%9Fe", mail.Header("X-Qube-Firing"));
        Assert.Contains("Job 12 \"lunch\" of wanda is running.\n", mail.Body, StringComparison.Ordinal);
        Assert.Contains("on done-job-self.\n", mail.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "complete-work-self-5", "job 12 lunch, item 5: complete")]
    [InlineData("", "running-subjob-self-3", "job 12.3 lunch: running")]
    [InlineData("mail-status", "complete-work-self-5", "job 12 lunch: running")]
    [InlineData("mail-report-status", "done-job-self", "job 12 lunch: running")]
    [InlineData("mail-subjob-status", "done-job-self", "job 12.3 lunch: running")]
    [InlineData("mail-license-status", "done-job-self", "licenses on ")]
    public async Task Should_use_the_template_of_the_event_or_verb(string verb, string eventText, string subject)
    {
        await using var server = new SmtpServer();
        MailOptions options = Options(server) with { Administrator = "boss" };
        Assert.True((await Send(options, ActionRuns.Of(verb.Length > 0 ? "qube" : "mail", verb, eventText))).IsDone);
        SmtpServer.Mail mail = Assert.Single(server.Mails);
        Assert.StartsWith(subject, mail.Header("Subject"), StringComparison.Ordinal);
        Assert.Equal(verb == "mail-license-status" ? "boss@example.com" : "wanda@example.com", Assert.Single(mail.To));
    }

    [Fact]
    public async Task Should_use_the_sites_template_and_keep_every_letter()
    {
        await using var server = new SmtpServer();
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "Subject: größe ${JOB_LABEL}\n\n漢字 $JOB_STATUS\n");
        Assert.True((await Send(Options(server) with { JobTemplate = file }, ActionRuns.Of("mail", ""))).IsDone);
        File.Delete(file);
        var message = MimeKit.MimeMessage.Load(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Assert.Single(server.Mails).Text)));
        Assert.Equal("größe render", message.Subject);
        Assert.Equal("漢字 running\n", message.TextBody!.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Should_mail_everybody_but_those_the_server_refuses_and_later_those_it_puts_off()
    {
        await using var server = new SmtpServer();
        var busy = 0;
        server.Answer = line => line.Contains("<gone@", StringComparison.Ordinal) ? "550 5.1.1 no such user"
            : line.Contains("<busy@", StringComparison.Ordinal) && Interlocked.Increment(ref busy) <= 2 ? "450 4.2.1 try later" : null;
        ActionOutcome outcome = await Send(Options(server), ActionRuns.Of("mail", "", jobFields: "\"mailaddress\":\"wanda,gone,busy@other.org\""));
        Assert.Equal(new ActionOutcome(true, "sent to wanda@example.com, busy@other.org; refused: gone@example.com: 550 5.1.1 no such user", 3), outcome);
        Assert.Equal(["wanda@example.com", "busy@other.org"], server.Mails.Select(mail => Assert.Single(mail.To)));
        Assert.Single(server.Mails.Select(mail => mail.Header("Message-Id")).Distinct());
    }

    [Theory]
    [InlineData("DATA", "554 5.7.1 spam", "failed: 554 5.7.1 spam", 1)]
    [InlineData("RCPT", "550 no such user", "failed: wanda@example.com: 550 no such user", 1)]
    [InlineData("MAIL", "421 too busy", "failed: 421 too busy (4 attempts)", 4)]
    public async Task Should_end_with_the_servers_words_when_it_refuses(string verb, string answer, string text, int attempts)
    {
        await using var server = new SmtpServer();
        server.Answer = line => line.StartsWith(verb, StringComparison.Ordinal) ? answer : null;
        Assert.Equal(new ActionOutcome(false, text, attempts), await Send(Options(server), ActionRuns.Of("mail", "")));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Should_try_again_when_the_server_is_away_and_then_there()
    {
        int port = FreePort();
        var options = new MailOptions { Host = "127.0.0.1", Port = port, Domain = "example.com", Retry = Soon with { Attempts = 1000 } };
        ActionRun run = ActionRuns.Of("mail", "");
        Task<ActionOutcome> sending = Send(options, run);
        await Eventually.Get("a failed attempt", () => File.Exists(run.OutputPath) ? File.ReadAllText(run.OutputPath) : "", text => text.Contains("; attempt 2 of 1000, again in", StringComparison.Ordinal));
        await using var server = new SmtpServer(port: port);
        ActionOutcome outcome = await sending;
        Assert.True(outcome is { IsDone: true, Attempts: > 2 }, $"expected a mail after several attempts, got {outcome}");
        Assert.Single(server.Mails);
    }

    [Theory]
    [InlineData(MailConnection.Ssl)]
    [InlineData(MailConnection.Tls)]
    public async Task Should_speak_tls_and_authenticate_when_the_server_wants_it(MailConnection connection)
    {
        using X509Certificate2 certificate = SmtpServer.MakeCertificate();
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await using var server = new SmtpServer(certificate, isImplicit: connection == MailConnection.Ssl, ("farm", "s3cret"));
        MailOptions options = Options(server) with { Host = "localhost", Connection = connection, User = "farm", Password = "s3cret", CaFile = file };

        ActionRun run = ActionRuns.Of("mail", "");
        Assert.Equal("sent to wanda@example.com", (await Send(options, run)).Text);
        Assert.True(Assert.Single(server.Mails).IsSecure, "expected the mail to come over TLS");
        Assert.DoesNotContain("s3cret", await File.ReadAllTextAsync(run.OutputPath), StringComparison.Ordinal);

        ActionOutcome wrong = await Send(options with { Password = "wrong" }, ActionRuns.Of("mail", ""));
        Assert.False(wrong.IsDone);
        Assert.StartsWith("failed: the mail server refuses the user: ", wrong.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", wrong.Text.Replace("wrong user or password", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // Nobody vouches for it: no mail, and above all no password.
        server.Lines.Clear();
        ActionOutcome untrusted = await Send(options with { CaFile = "" }, ActionRuns.Of("mail", ""));
        Assert.StartsWith("failed: TLS with the mail server failed: ", untrusted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Lines, line => line.StartsWith("AUTH", StringComparison.Ordinal));
        Assert.Single(server.Mails);
        File.Delete(file);
    }

    [Fact]
    public async Task Should_refuse_to_go_on_in_the_clear_when_tls_is_set_and_not_offered()
    {
        await using var server = new SmtpServer(credentials: ("farm", "s3cret"));
        ActionOutcome outcome = await Send(Options(server) with { Connection = MailConnection.Tls, User = "farm", Password = "s3cret" }, ActionRuns.Of("mail", ""));
        Assert.False(outcome.IsDone);
        Assert.Contains("STARTTLS", outcome.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Lines, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_say_what_is_not_set()
    {
        Assert.Equal("not sent: no mail server is set (qube.mail.host)", (await Send(new MailOptions(), ActionRuns.Of("mail", ""))).Text);
        await using var server = new SmtpServer();
        Assert.Equal("not sent: mail_administrator is not set", (await Send(Options(server), ActionRuns.Of("qube", "mail-license-status"))).Text);
        Assert.Equal("not sent: 'a@b@c' is no address", (await Send(Options(server), ActionRuns.Of("mail", "", jobFields: "\"mailaddress\":\"a@b@c\""))).Text);
        await using var runner = new ActionRunner(Options(server), new WebhookOptions());
        Assert.Equal("not sent: mail_administrator is not set, and no address was given", (await runner.TestMailAsync(null, CancellationToken.None)).Text);
        Assert.Equal("sent to wanda@example.com", (await runner.TestMailAsync("wanda", CancellationToken.None)).Text);
        Assert.StartsWith("test mail from ", Assert.Single(server.Mails).Header("Subject"), StringComparison.Ordinal);
    }

    private static MailOptions Options(SmtpServer server) => new() { Host = "127.0.0.1", Port = server.Port, Domain = "example.com", Retry = Soon };

    private static async Task<ActionOutcome> Send(MailOptions options, ActionRun run)
    {
        await using var runner = new ActionRunner(options, new WebhookOptions());
        return await runner.RunAsync(run, _ => { }, CancellationToken.None).WaitAsync(Eventually.Limit);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Qube.Actions.External;
using Qube.Contracts.Actions;

namespace Qube.Actions.Mail;

/// <summary>Writes and sends the mails of callbacks (spec/callbacks.md §12).</summary>
internal sealed class MailSender(MailOptions options)
{
    private const string SenderName = "Qube.Actors - Supervisor";

    private static readonly string Host = Environment.MachineName;

    /// <summary>The mail of a firing; null when there is none to send, and why.</summary>
    public MailDelivery? Prepare(ActionRun run, out string problem)
    {
        bool isToAdministrator = run.Code == "mail-license-status";
        if (To(isToAdministrator ? options.Administrator : Addressee(run), isToAdministrator ? "mail_administrator is not set" : "nobody to send it to", out problem) is not { } to)
        {
            return null;
        }

        MailTemplate text;
        try
        {
            text = Template(run).Expand(MailVariables.Of(run, Host, DateTimeOffset.FromUnixTimeMilliseconds(run.AtMs)));
        }
        catch (IOException failure)
        {
            problem = $"not sent: {failure.Message}";
            return null;
        }

        MimeMessage message = Message(text, to, DateTimeOffset.FromUnixTimeMilliseconds(run.AtMs), run.FiringId);
        message.Headers.Add("X-Qube-Firing", Uri.EscapeDataString(run.FiringId));
        return new MailDelivery(message, to);
    }

    /// <summary>A mail that says that mail works.</summary>
    public MailDelivery? PrepareTest(string? recipient, DateTimeOffset now, out string problem)
    {
        if (To(recipient ?? options.Administrator, "mail_administrator is not set, and no address was given", out problem) is not { } to)
        {
            return null;
        }

        var text = new MailTemplate($"test mail from {Host}", $"This is a test of the mail settings of the supervisor on {Host}.\nThat it arrived says that they work.\n");
        return new MailDelivery(Message(text, to, now, Guid.NewGuid().ToString()), to);
    }

    /// <summary>One conversation.</summary>
    public async Task<AttemptResult> SendAsync(MailDelivery mail, CancellationToken cancel)
    {
        try
        {
            using var client = new SmtpConversation(options);
            await client.ConnectAsync(options.Host, options.EffectivePort, Security(), cancel);
            if (options.User.Length > 0)
            {
                await client.AuthenticateAsync(options.User, options.Password, cancel);
            }

            MailboxAddress[] now = [.. mail.Waiting];
            try
            {
                await client.SendAsync(mail.Message, mail.Message.From.Mailboxes.First(), now, cancel);
            }
            catch (SmtpCommandException) when (client.NotAccepted.Count >= now.Length)
            {
                // Each has an answer of its own.
            }

            AttemptResult result = Sort(mail, now, client.NotAccepted);
            await Quit(client, cancel);
            return result;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new AttemptResult.Failed("the mail server does not answer in time");
        }
        catch (SmtpCommandException refused)
        {
            string words = Words(refused.StatusCode, refused.Message);
            return (int)refused.StatusCode is >= 400 and < 500 ? new AttemptResult.Failed(words) : new AttemptResult.Refused(words);
        }
        catch (AuthenticationException refused)
        {
            // 454 is the server's own trouble with it (RFC 4954).
            return refused.InnerException is SmtpCommandException { StatusCode: (SmtpStatusCode)454 }
                ? new AttemptResult.Failed(refused.Message)
                : new AttemptResult.Refused($"the mail server refuses the user: {refused.Message}");
        }
        catch (SslHandshakeException failure)
        {
            return new AttemptResult.Refused($"TLS with the mail server failed: {failure.Message.ReplaceLineEndings(" ").Trim()}");
        }
        catch (NotSupportedException missing)
        {
            // No STARTTLS, no authentication: it will not learn it.
            return new AttemptResult.Refused(missing.Message);
        }
        catch (Exception failure) when (failure is SocketException or IOException or ProtocolException or ServiceNotConnectedException or TimeoutException)
        {
            return new AttemptResult.Failed($"{options.Host}:{options.EffectivePort}: {failure.Message}");
        }
    }

    /// <summary>Who has it, who will never get it, who may get it later.</summary>
    private static AttemptResult Sort(MailDelivery mail, MailboxAddress[] now, List<(MailboxAddress Recipient, SmtpResponse Response)> notAccepted)
    {
        string later = "";
        mail.Waiting.Clear();
        foreach (MailboxAddress recipient in now)
        {
            (MailboxAddress Recipient, SmtpResponse Response) answer = notAccepted.Find(one => one.Recipient.Address == recipient.Address);
            if (answer.Response is null)
            {
                mail.Sent.Add(recipient.Address);
                continue;
            }

            string words = $"{recipient.Address}: {Words(answer.Response.StatusCode, answer.Response.Response)}";
            if ((int)answer.Response.StatusCode is >= 400 and < 500)
            {
                mail.Waiting.Add(recipient);
                later = words;
            }
            else
            {
                mail.Refused.Add(words);
            }
        }

        string refused = mail.Refused.Count > 0 ? string.Join("; ", mail.Refused) : "";
        if (mail.Waiting.Count > 0)
        {
            return new AttemptResult.Failed(later);
        }

        return mail.Sent.Count == 0
            ? new AttemptResult.Refused(refused)
            : new AttemptResult.Done($"sent to {string.Join(", ", mail.Sent)}{(refused.Length > 0 ? $"; refused: {refused}" : "")}");
    }

    private static async Task Quit(SmtpConversation client, CancellationToken cancel)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancel);
        }
        catch (Exception failure) when (failure is IOException or ProtocolException or SocketException or ServiceNotConnectedException)
        {
            // The mail is the server's already.
        }
    }

    private static string Words(SmtpStatusCode code, string text)
    {
        string number = ((int)code).ToString(CultureInfo.InvariantCulture);
        string words = text.ReplaceLineEndings(" ").Trim();
        return words.StartsWith(number, StringComparison.Ordinal) ? words : $"{number} {words}";
    }

    private List<MailboxAddress>? To(string list, string missing, out string problem)
    {
        problem = "";
        if (options.Host.Length == 0)
        {
            problem = "not sent: no mail server is set (qube.mail.host)";
            return null;
        }

        IReadOnlyList<string> addresses = MailRecipients.Of(list, options.Domain, out IReadOnlyList<string> refused);
        if (addresses.Count == 0)
        {
            problem = refused.Count > 0 ? $"not sent: '{string.Join("', '", refused)}' is no address" : $"not sent: {missing}";
            return null;
        }

        return [.. addresses.Select(address => new MailboxAddress("", address))];
    }

    private static string Addressee(ActionRun run)
    {
        using var job = JsonDocument.Parse(run.JobJson);
        foreach (string field in (string[])["mailaddress", "user"])
        {
            if (job.RootElement.TryGetProperty(field, out JsonElement value))
            {
                string text = value.ValueKind switch
                {
                    JsonValueKind.String => value.GetString() ?? "",
                    JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(one => one.ToString())),
                    _ => "",
                };
                if (!string.IsNullOrWhiteSpace(text))
                {
                    return text;
                }
            }
        }

        return run.User;
    }

    private MimeMessage Message(MailTemplate text, IEnumerable<MailboxAddress> to, DateTimeOffset date, string id)
    {
        var body = new TextPart("plain");
        body.SetText(Ascii.IsValid(text.Body) ? "us-ascii" : "utf-8", text.Body);
        var message = new MimeMessage { Date = date, Subject = text.Subject, Body = body };
        message.From.Add(new MailboxAddress(SenderName, MailRecipients.Complete(options.From, options.Domain)));
        message.To.AddRange(to);
        // The same for every repetition, so that mail systems that drop what they have had do so.
        string domain = options.Domain.Trim('@') is { Length: > 0 } own ? own : Host;
        message.MessageId = $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..32]}@{domain}";
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private MailTemplate Template(ActionRun run)
    {
        (string file, string shipped) = run.Code switch
        {
            "mail-license-status" => (options.LicenseTemplate, "license"),
            "mail-status" or "mail-report-status" => (options.JobTemplate, "job"),
            "mail-subjob-status" => (options.SubjobTemplate, "subjob"),
            _ => TypeOf(run.EventText) switch
            {
                "work" => (options.WorkTemplate, "work"),
                "subjob" => (options.SubjobTemplate, "subjob"),
                _ => (options.JobTemplate, "job"),
            },
        };
        return MailTemplate.Parse(file.Length > 0 ? File.ReadAllText(file) : Shipped(shipped));
    }

    private static string Shipped(string name)
    {
        using Stream stream = typeof(MailSender).Assembly.GetManifestResourceStream($"Qube.Actions.Mail.Templates.{name}.mail")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string TypeOf(string eventText) => eventText.Split('-') is [_, var type, ..] ? type : "";

    private SecureSocketOptions Security() => options.Connection switch
    {
        MailConnection.Ssl => SecureSocketOptions.SslOnConnect,
        MailConnection.Tls => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };
}

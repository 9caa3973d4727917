using System.Text;
using Qube.Actions.External;

namespace Qube.Actions.Mail;

/// <summary>How mail is sent (spec/callbacks.md §12, <c>mail_*</c> of qb.conf).</summary>
public sealed record MailOptions
{
    /// <summary>The SMTP server; empty: no mail is sent, and each that would have been says so.</summary>
    public string Host { get; init; } = "";

    /// <summary>0 goes by the connection: 25, 465 or 587.</summary>
    public int Port { get; init; }

    public MailConnection Connection { get; init; } = MailConnection.Default;

    /// <summary>Empty: without authentication.</summary>
    public string User { get; init; } = "";

    public string Password { get; init; } = "";

    /// <summary>Appended to recipients and senders without an <c>@</c>.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Sender; default <c>qube</c>.</summary>
    public string From { get; init; } = "qube";

    /// <summary>Who gets notices about the farm itself; a comma list.</summary>
    public string Administrator { get; init; } = "";

    /// <summary>Template files by the type of event; empty is the shipped one.</summary>
    public string JobTemplate { get; init; } = "";

    public string SubjobTemplate { get; init; } = "";

    public string WorkTemplate { get; init; } = "";

    public string LicenseTemplate { get; init; } = "";

    /// <summary>A file of certificates (PEM) that the server's may also descend from; empty: the system's alone.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>Seconds for each step of the conversation; default 30.</summary>
    public double TimeoutSeconds { get; init; } = 30;

    /// <summary>Conversations at one time; default 4: mail servers limit them by client.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Default 8 attempts from 10 s to 5 min apart: a mail server that is restarted does not cost a mail.</summary>
    public RetryOptions Retry { get; init; } = new() { FirstWaitSeconds = 10 };

    /// <summary>The port that is connected to.</summary>
    public int EffectivePort => Port != 0 ? Port : Connection switch { MailConnection.Ssl => 465, MailConnection.Tls => 587, _ => 25 };

    /// <exception cref="ArgumentException">A value is out of bounds, or a file cannot be read; the message names it.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Port, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, 65535);
        ArgumentException.ThrowIfNullOrWhiteSpace(From);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TimeoutSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(Concurrency, 1);
        foreach (string file in (string[])[JobTemplate, SubjobTemplate, WorkTemplate, LicenseTemplate, CaFile])
        {
            if (file.Length > 0 && !File.Exists(file))
            {
                throw new ArgumentException($"mail: there is no file {file}");
            }
        }

        Retry.Validate();
    }

    /// <summary>Without user and password: options get into logs.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"Host = {Host}, Port = {EffectivePort}, Connection = {Connection}, Domain = {Domain}, From = {From}");
        return true;
    }
}

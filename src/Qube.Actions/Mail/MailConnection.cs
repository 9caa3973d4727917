namespace Qube.Actions.Mail;

/// <summary>How the mail server is spoken to (<c>mail_connection_type</c>).</summary>
public enum MailConnection
{
    /// <summary>In the clear; port 25.</summary>
    Default,

    /// <summary>TLS from the first byte; port 465.</summary>
    Ssl,

    /// <summary>STARTTLS, which the server must offer; port 587.</summary>
    Tls,
}

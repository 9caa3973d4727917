using MimeKit;

namespace Qube.Actions.Mail;

/// <summary>A mail on its way; who has got it is taken off the list, so that nobody gets it again because somebody else's server was busy.</summary>
internal sealed class MailDelivery(MimeMessage message, IEnumerable<MailboxAddress> recipients)
{
    public MimeMessage Message { get; } = message;

    /// <summary>Who is still to get it.</summary>
    public List<MailboxAddress> Waiting { get; } = [.. recipients];

    public List<string> Sent { get; } = [];

    /// <summary>Who will not get it, with the server's words.</summary>
    public List<string> Refused { get; } = [];
}

using System.Security.Cryptography.X509Certificates;
using MailKit.Net.Smtp;
using MimeKit;

namespace Qube.Actions.Mail;

/// <summary>One conversation with the server. A recipient that it refuses does not keep the mail from the others.</summary>
internal sealed class SmtpConversation : SmtpClient
{
    public SmtpConversation(MailOptions options)
    {
        Timeout = (int)TimeSpan.FromSeconds(options.TimeoutSeconds).TotalMilliseconds;
        // Lists of revoked certificates are fetched from who knows where; a farm is often cut off from there.
        CheckCertificateRevocation = false;
        if (options.CaFile.Length > 0)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(options.CaFile);
            ServerCertificateValidationCallback = (_, certificate, chain, errors) => IsTrusted(certificate, chain, errors, roots);
        }
    }

    /// <summary>Recipients refused in this conversation, with the answer.</summary>
    public List<(MailboxAddress Recipient, SmtpResponse Response)> NotAccepted { get; } = [];

    protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => NotAccepted.Add((mailbox, response));

    protected override void OnNoRecipientsAccepted(MimeMessage message)
    {
        // Not an exception's matter: each has its own answer.
    }

    /// <summary>Right name, right time, and a root of the site's own in place of the system's.</summary>
    private static bool IsTrusted(X509Certificate? certificate, X509Chain? chain, System.Net.Security.SslPolicyErrors errors, X509Certificate2Collection roots)
    {
        if (errors == System.Net.Security.SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != System.Net.Security.SslPolicyErrors.RemoteCertificateChainErrors || certificate is null)
        {
            return false;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(roots);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain is not null)
        {
            foreach (X509ChainElement element in chain.ChainElements)
            {
                own.ChainPolicy.ExtraStore.Add(element.Certificate);
            }
        }

        using X509Certificate2 server = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return own.Build(server);
    }
}

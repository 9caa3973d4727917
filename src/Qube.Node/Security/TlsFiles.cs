using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Qube.Node.Security;

/// <summary>The certificate that this node shows, and the authority that those of others have to be of: <c>cert.pem</c>, <c>key.pem</c> and <c>ca.pem</c> of one folder.
/// Read once, at the start.</summary>
public sealed class TlsFiles
{
    private readonly X509Certificate2Collection authorities;

    private TlsFiles(string folder, X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        AuthorityFile = Path.Combine(Path.GetFullPath(folder), "ca.pem");
        Certificate = certificate;
        this.authorities = authorities;
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What clients know this supervisor by.</summary>
    public string AuthorityFile { get; }

    /// <exception cref="ArgumentException">A file is missing or wrong, others can read the key, or the certificate is not of that authority: the message names it.</exception>
    public static TlsFiles Read(string folder)
    {
        var key = Path.Combine(folder, "key.pem");
        ArgumentException Wrong(string what, Exception? cause = null) => new($"--tls-dir {folder}: {what}", cause);
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(key) & (UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                throw Wrong($"others can read or write key.pem; chmod 600 {key}");
            }

            var authorities = Authorities(Path.Combine(folder, "ca.pem"));
            var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "cert.pem"), key);
            var files = new TlsFiles(folder, certificate, authorities);
            return files.Accepts(certificate, null) ? files : throw Wrong("cert.pem is not of the authority in ca.pem, or its time is over");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Wrong(failure.Message, failure);
        }
    }

    /// <summary>A file of certificates, at least one.</summary>
    /// <exception cref="CryptographicException">It holds none.</exception>
    internal static X509Certificate2Collection Authorities(string path)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(path);
        return found.Count > 0 ? found : throw new CryptographicException($"{path} holds no certificate");
    }

    /// <summary>Whether a certificate is of this authority and in its time.</summary>
    /// <param name="certificate">What the other side shows; null where it shows none.</param>
    /// <param name="shown">What it sent along: authorities between.</param>
    public bool Accepts(X509Certificate2? certificate, X509Chain? shown) => IsOf(authorities, certificate, shown);

    /// <summary>Whether a server's certificate is of one of these authorities; its name is for the caller to look at.</summary>
    internal static bool IsOf(X509Certificate2Collection authorities, X509Certificate2? certificate, X509Chain? shown)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var between in shown?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(between.Certificate);
        }

        return chain.Build(certificate);
    }

    /// <summary>As a client looks at a supervisor: of the authority, and called as it was asked for.</summary>
    internal static RemoteCertificateValidationCallback ClientOf(X509Certificate2Collection authorities) => (_, certificate, chain, errors) =>
        (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && IsOf(authorities, certificate as X509Certificate2, chain);
}

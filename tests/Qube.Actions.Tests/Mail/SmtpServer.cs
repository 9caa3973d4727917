using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Qube.Actions.Tests.Mail;

/// <summary>An SMTP server on loopback (RFC 5321, STARTTLS, implicit TLS, AUTH PLAIN and LOGIN) that notes the conversation and refuses what it is told to.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2? _certificate;
    private readonly bool _isImplicit;
    private readonly (string User, string Password)? _credentials;
    private readonly Task _accepting;

    public SmtpServer(X509Certificate2? certificate = null, bool isImplicit = false, (string User, string Password)? credentials = null, int port = 0)
    {
        _certificate = certificate;
        _isImplicit = isImplicit;
        _credentials = credentials;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<Mail> Mails { get; } = new();

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>The answer to a line, in place of its own; null for its own.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    /// <summary>A certificate for <c>localhost</c>, made here, and its own root.</summary>
    public static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
        {
            Lines.Enqueue($"! {gone.Message}");
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var isSecure = _isImplicit;
        if (_isImplicit)
        {
            stream = await SecureAsync(stream);
        }

        var reader = new StreamReader(stream, Encoding.UTF8);
        var from = "";
        var to = new List<string>();
        await SayAsync(stream, Answer("") ?? "220 localhost ready");
        while (await reader.ReadLineAsync() is { } line)
        {
            Lines.Enqueue(line);
            string verb = line.Split(' ', ':')[0].ToUpperInvariant();
            string? answer = Answer(line);
            if (answer is null && verb == "AUTH")
            {
                answer = await AuthenticateAsync(stream, reader, line);
            }

            answer ??= verb switch
            {
                "EHLO" => $"250-localhost\r\n{(_certificate is not null && !isSecure ? "250-STARTTLS\r\n" : "")}{(_credentials is not null ? "250-AUTH PLAIN LOGIN\r\n" : "")}250 8BITMIME",
                "STARTTLS" => "220 go on",
                "DATA" => "354 end with a dot",
                "QUIT" => "221 bye",
                _ => "250 fine",
            };
            await SayAsync(stream, answer);
            var isTaken = answer[0] is '2' or '3';
            switch (verb)
            {
                case "STARTTLS" when isTaken:
                    stream = await SecureAsync(stream);
                    isSecure = true;
                    reader = new StreamReader(stream, Encoding.UTF8);
                    break;
                case "MAIL" when isTaken:
                    (from, to) = (Address(line), []);
                    break;
                case "RCPT" when isTaken:
                    to.Add(Address(line));
                    break;
                case "DATA" when isTaken:
                    if (await ReadMailAsync(reader) is not { } text)
                    {
                        return;
                    }

                    string end = Answer(".") ?? "250 taken";
                    if (end[0] == '2')
                    {
                        Mails.Enqueue(new Mail(from, [.. to], text, isSecure));
                    }

                    await SayAsync(stream, end);
                    break;
                case "QUIT":
                    return;
            }
        }
    }

    private async Task<SslStream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(_certificate!);
        return secure;
    }

    private async Task<string> AuthenticateAsync(Stream stream, StreamReader reader, string line)
    {
        string[] words = line.Split(' ');
        if (words[1] != "PLAIN")
        {
            return "504 only plain";
        }

        if (words.Length < 3)
        {
            await SayAsync(stream, "334 ");
        }

        string given = Encoding.UTF8.GetString(Convert.FromBase64String(words.Length > 2 ? words[2] : (await reader.ReadLineAsync())!));
        return given == $"\0{_credentials!.Value.User}\0{_credentials.Value.Password}" ? "235 welcome" : "535 5.7.8 wrong user or password";
    }

    /// <summary>Null when the sender went away in the middle: such a mail is nobody's.</summary>
    private static async Task<string?> ReadMailAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == ".")
            {
                return text.ToString();
            }

            text.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        }

        return null;
    }

    private static string Address(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

    private static async Task SayAsync(Stream stream, string text) => await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{text}\r\n")));

    public sealed record Mail(string From, string[] To, string Text, bool IsSecure)
    {
        public string Header(string name) =>
            Text.Split("\n\n")[0].Split('\n').FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..] ?? "";

        public string Body => Text[(Text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
    }
}

using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Qube.Node.Api;
using Qube.Node.Security;

namespace Qube.Node.Cli;

/// <summary>What one run of a verb works with.</summary>
internal sealed class ClientSession(CliEnvironment environment)
{
    /// <summary>Where it takes effect, every verb knows it.</summary>
    public Option<string> Supervisor { get; } = VerbOptions.Text(
        "--supervisor", "HOST[:PORT]|URL", $"The supervisor to ask; without it $QB_SUPERVISOR, else {SupervisorAddress.Default}.");

    public Option<string> TokenFile { get; } = VerbOptions.Text(
        "--token-file", "FILE", "The supervisor's token, where it asks for one; without it $QB_TOKEN, else the file $QB_TOKEN_FILE.");

    public CliEnvironment Environment { get; } = environment;

    public long NowMs => Environment.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public TimeZoneInfo Zone => Environment.Time.LocalTimeZone;

    /// <param name="parsed">The command line.</param>
    /// <param name="named">A supervisor named without the option.</param>
    public SupervisorClient Connect(ParseResult parsed, string? named = null) =>
        Connect(string.IsNullOrEmpty(named) ? parsed.GetValue(Supervisor) : named, parsed.GetValue(TokenFile));

    /// <param name="named">The supervisor said; null or empty: the one of the environment.</param>
    /// <param name="tokenFile">The file of its token; null: what the environment says.</param>
    public SupervisorClient Connect(string? named, string? tokenFile)
    {
        var text = !string.IsNullOrEmpty(named) ? named
            : Environment.Variable("QB_SUPERVISOR") is { Length: > 0 } variable ? variable
            : SupervisorAddress.Default;
        var address = SupervisorAddress.Parse(text) ?? throw CliFailure.Usage($"'{text}' is no supervisor: write host, host:port or a URL");
        return new(address, Token(tokenFile), Authorities(), Environment);
    }

    public void Say(string line) => Environment.Error.WriteLine(line);

    /// <summary>Ids that can be meant, before anybody is asked about them.</summary>
    public static TargetId[] Targets(IEnumerable<string> ids)
    {
        try
        {
            return [.. ids.Select(TargetId.Parse)];
        }
        catch (ApiRefusedException none)
        {
            throw CliFailure.Usage(none.Message);
        }
    }

    /// <summary>Whose certificates are taken: those of <c>QB_CA_FILE</c>, without it what the machine trusts.</summary>
    private X509Certificate2Collection? Authorities()
    {
        if (Environment.Variable("QB_CA_FILE") is not { Length: > 0 } path)
        {
            return null;
        }

        try
        {
            return TlsFiles.Authorities(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw CliFailure.Usage($"QB_CA_FILE cannot be read: {unreadable.Message}");
        }
    }

    private string? Token(string? file)
    {
        if (file is null && Environment.Variable("QB_TOKEN") is { Length: > 0 } token)
        {
            return token;
        }

        var path = file ?? Environment.Variable("QB_TOKEN_FILE");
        try
        {
            return string.IsNullOrEmpty(path) ? null : File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw CliFailure.Usage($"the token cannot be read: {unreadable.Message}");
        }
    }
}

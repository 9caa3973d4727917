using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Qube.Node.Security;

/// <summary>
/// What callback scripts and processes of jobs ask the API with: who they ask for, signed by the supervisor (src/Qube.Actors/DESIGN.md, Security). Nothing is kept of
/// those given out, so that any supervisor that knows the secret takes them, also after a restart.
/// </summary>
internal sealed class Credentials
{
    private const string Prefix = "qc1.";
    private const string SecretFile = "credentials.secret";
    private const int SecretBytes = 32;

    private readonly byte[] key;

    private Credentials(byte[] secret) => key = HMACSHA256.HashData(secret, "qube credentials 1"u8);

    /// <param name="secret">Shared by all supervisors; null: this farm's own, made once and kept in its data folder.</param>
    /// <param name="folder">The data folder.</param>
    /// <exception cref="IOException">The folder's secret cannot be read or written.</exception>
    public static Credentials Open(byte[]? secret, string folder) => new(secret ?? Kept(Path.Combine(folder, SecretFile)));

    internal static Credentials Of(byte[] secret) => new(secret);

    public static bool LooksLikeOne(string token) => token.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>For the script of one firing, until a moment.</summary>
    public string OfScript(string user, long job, string firing, DateTimeOffset until) => Sign(["s", user, Text(job), firing, Text(until.ToUnixTimeSeconds())]);

    /// <summary>For the processes of a job. It ends with the job, which is asked about at each call.</summary>
    public string OfJob(string user, long job) => Sign(["j", user, Text(job), "", "0"]);

    /// <summary>What it says, or null: not one of this farm's, or its time is over.</summary>
    public Credential? Read(string token, DateTimeOffset now)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || !LooksLikeOne(token) || Bytes(parts[1]) is not { } said || Bytes(parts[2]) is not { } signature)
        {
            return null;
        }

        if (!CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, said), signature))
        {
            return null;
        }

        // Ours from here on.
        var fields = Encoding.UTF8.GetString(said).Split('\n');
        var until = long.Parse(fields[4], CultureInfo.InvariantCulture);
        return until > 0 && now.ToUnixTimeSeconds() > until ? null : new(fields[1], long.Parse(fields[2], CultureInfo.InvariantCulture), fields[3]);
    }

    private string Sign(string[] fields)
    {
        // One field more would be another's: names with line ends are none that a user can have.
        var said = Encoding.UTF8.GetBytes(string.Join('\n', fields.Select(field => field.Replace('\n', ' '))));
        return $"{Prefix}{Base64Url.EncodeToString(said)}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, said))}";
    }

    private static byte[]? Bytes(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    private static byte[] Kept(string path)
    {
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: SecretBytes } known)
        {
            return known;
        }

        // Whole or not at all: a file cut short by a crash would end what was given out.
        var made = RandomNumberGenerator.GetBytes(SecretBytes);
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(draft, options))
        {
            file.Write(made);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
        return made;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Security.Cryptography;
using System.Text;
using Qube.Domain.Security;

namespace Qube.Node.Security;

/// <summary>Who may ask this farm: a line <c>user token</c> each, <c>#</c> before a remark, and for a farm of several supervisors a line
/// <c>@cluster secret</c>. Of the tokens only hashes stay in memory.</summary>
public sealed class TokenFile
{
    /// <summary>The name of the line whose secret all supervisors share.</summary>
    private const string ClusterLine = "@cluster";

    /// <summary>A shorter one could be guessed.</summary>
    private const int LeastLetters = 16;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly List<(byte[] Hash, string User)> tokens;

    private TokenFile(List<(byte[] Hash, string User)> tokens, byte[]? clusterSecret)
    {
        this.tokens = tokens;
        ClusterSecret = clusterSecret;
    }

    /// <summary>What supervisors make credentials with that all of them know; null where the file has none.</summary>
    internal byte[]? ClusterSecret { get; }

    /// <exception cref="ArgumentException">It cannot be read, others can read it, or a line is wrong: the message names it, and never shows a token.</exception>
    public static TokenFile Read(string path)
    {
        string[] lines;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
            {
                throw new ArgumentException($"--token-file {path}: others than its owner can read or write it; chmod 600 {path}");
            }

            lines = File.ReadAllLines(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"--token-file {path}: {unreadable.Message}", unreadable);
        }

        return Parse(lines, path);
    }

    internal static TokenFile Parse(IReadOnlyList<string> lines, string path)
    {
        var tokens = new List<(byte[] Hash, string User)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        byte[]? cluster = null;
        for (var number = 1; number <= lines.Count; number++)
        {
            ArgumentException Wrong(string what) => new($"--token-file {path}, line {number}: {what}");

            var words = lines[number - 1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
            {
                continue;
            }

            if (words.Length != 2)
            {
                throw Wrong("expected a user and a token");
            }

            var (user, token) = (words[0], words[1]);
            if (user != ClusterLine && !UserEdits.IsName(user))
            {
                // Not shown: who has swapped the two has written a token there.
                throw Wrong("the first word is no user's name");
            }

            if (token.Length < LeastLetters)
            {
                throw Wrong($"the token of {user} has {token.Length} letters, and fewer than {LeastLetters} can be guessed; 'openssl rand -hex 32' makes one");
            }

            if (token.Any(letter => letter is <= ' ' or > '~') || Credentials.LooksLikeOne(token))
            {
                throw Wrong($"the token of {user} has letters that it cannot have, or begins as the farm's own do");
            }

            if (!seen.TryAdd(token, number))
            {
                throw Wrong($"the token of {user} is that of line {seen[token]} too");
            }

            if (user != ClusterLine)
            {
                tokens.Add((Hash(token), user));
            }
            else if (cluster is null)
            {
                cluster = Hash(token);
            }
            else
            {
                throw Wrong($"there is a line {ClusterLine} already");
            }
        }

        return tokens.Count > 0 ? new(tokens, cluster) : throw new ArgumentException($"--token-file {path}: there is no token in it, so that nobody could ask anything");
    }

    /// <summary>Whose token it is, or null. Takes as long whichever it is, and however nearly it is one.</summary>
    internal string? UserOf(string token)
    {
        var hash = Hash(token);
        string? user = null;
        foreach (var known in tokens)
        {
            user = CryptographicOperations.FixedTimeEquals(known.Hash, hash) ? known.User : user;
        }

        return user;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

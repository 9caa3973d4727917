using System.Text.RegularExpressions;

namespace Qube.Node.Cli;

/// <summary>Where the supervisor is: <c>host</c>, <c>host:port</c> or a URL, as the Python module reads it (design §7).</summary>
public static partial class SupervisorAddress
{
    public const string Default = "127.0.0.1:50001";

    private const int DefaultPort = 50001;

    /// <summary>The base address, ending in a slash, or null when the text is none.</summary>
    public static Uri? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Count(letter => letter == ':') > 1 && !trimmed.Contains('[', StringComparison.Ordinal) && !trimmed.Contains("://", StringComparison.Ordinal))
        {
            // A bare IPv6 address: its colons name no port.
            trimmed = $"[{trimmed}]";
        }

        var url = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : "http://" + trimmed;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
        {
            return null;
        }

        var builder = new UriBuilder(address) { Path = address.AbsolutePath.TrimEnd('/') + "/", Query = "", Fragment = "" };
        if (!HasPort().IsMatch(url))
        {
            builder.Port = DefaultPort;
        }

        return builder.Uri;
    }

    [GeneratedRegex("^[a-z]+://[^/?#]*:[0-9]+([/?#]|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex HasPort();
}

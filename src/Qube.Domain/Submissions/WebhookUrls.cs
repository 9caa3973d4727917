namespace Qube.Domain.Submissions;

/// <summary>Which URLs a web hook may have.</summary>
public static class WebhookUrls
{
    /// <summary>What is wrong with one; null when nothing is.</summary>
    public static string? Problem(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (url.Length == 0)
        {
            return "a callback in language webhook needs a URL such as https://tracker.example.com/hooks/qube";
        }

        if (url.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter))
            || !Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            || (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps)
            || parsed.Host.Length == 0)
        {
            return $"'{url}' is no URL of a web hook; expected http://… or https://…";
        }

        // Everybody who may look at the job would read it.
        return parsed.UserInfo.Length > 0 ? "a web hook's URL has no place for a user and password; receivers check the signature" : null;
    }
}

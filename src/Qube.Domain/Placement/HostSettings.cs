using System.Globalization;

namespace Qube.Domain.Placement;

/// <summary>Resources and properties of a host as lists of <c>name=value</c> between commas (spec/scheduling.md §3). A name without a prefix is the
/// host's own: <c>x</c> is <c>host.x</c>.</summary>
public static class HostSettings
{
    private const string Prefix = "host.";

    /// <summary>The settings, each name once, as it was last given.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var word in list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                var name = word[..equals].TrimEnd();
                name = name.Contains('.', StringComparison.Ordinal) ? name : Prefix + name;
                pairs.RemoveAll(pair => pair.Key == name);
                pairs.Add(new(name, word[(equals + 1)..].TrimStart()));
            }
        }

        return pairs;
    }

    /// <summary>What holds once a change is applied: later values over earlier ones; an empty value takes its name away.</summary>
    public static string Merge(string now, string change) =>
        string.Join(',', Read($"{now},{change}").Where(pair => pair.Value.Length > 0).Select(pair => $"{pair.Key}={pair.Value}"));

    /// <summary>Used and total of a resource's value, <c>5</c> or <c>2/5</c>; null when it is neither.</summary>
    public static HostResource? Resource(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var isTotal = int.TryParse(value.AsSpan(slash + 1), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var total);
        var used = 0;
        return isTotal && (slash < 0 || int.TryParse(value.AsSpan(0, slash), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out used))
            ? new HostResource(used, total)
            : null;
    }

    /// <summary>What is wrong with a change of resources, or null.</summary>
    public static string? ResourceProblem(string change) => WordProblem(change, "host.x=5 or host.x=2/5")
        ?? Read(change).Where(pair => pair.Value.Length > 0 && Resource(pair.Value) is null)
            .Select(pair => $"'{pair.Key}={pair.Value}': a resource is a number such as 5, or used/total such as 2/5").FirstOrDefault();

    /// <summary>What is wrong with a change of properties, or null.</summary>
    public static string? PropertyProblem(string change) => WordProblem(change, "host.p=value");

    private static string? WordProblem(string change, string form)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(word => word.IndexOf('=', StringComparison.Ordinal) <= 0)
            .Select(word => $"'{word}' is no setting; write {form}").FirstOrDefault();
    }
}

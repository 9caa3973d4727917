using Akka.Actor;
using Akka.Configuration;

namespace Qube.Node.Roles;

/// <summary>How many supervisors a farm has and where they are found: what was declared, checked.</summary>
/// <param name="Supervisors">1, 3 or 5.</param>
/// <param name="Seeds">Addresses of actor systems, the same list in the same order at all of them.</param>
internal sealed record FarmSize(int Supervisors, IReadOnlyList<Address> Seeds)
{
    /// <summary>Why an even number is refused.</summary>
    public const string Expected = "1, 3 or 5: of an even number half may be cut off from the other half, and neither is the majority that may go on, so that two "
        + "supervisors bear no more than one does";

    /// <summary>So many must see each other before any of them works: two groups of the same farm cannot both be that many.</summary>
    public int Majority => (Supervisors / 2) + 1;

    /// <summary>Reads what the options say, and where they are silent the configuration.</summary>
    /// <exception cref="ArgumentException">It cannot be; the message names the option.</exception>
    public static FarmSize Of(UpOptions options, Config config)
    {
        var supervisors = options.Supervisors ?? config.GetInt("qube.supervisors", 1);
        UpOptions.Require(supervisors is 1 or 3 or 5, "--supervisors", supervisors, Expected);
        var seeds = options.Seeds.Count > 0 ? options.Seeds : [.. config.GetStringList("qube.seeds", [])];
        return new FarmSize(supervisors, [.. seeds.Select(Seed)]);
    }

    /// <summary>Additionally what a supervisor of several needs.</summary>
    /// <exception cref="ArgumentException">Names the option that is missing.</exception>
    public FarmSize ForSupervisor(string? database)
    {
        if (Supervisors > 1 && database is null)
        {
            throw new ArgumentException($"--supervisors {Supervisors}: several supervisors share one journal, which is --db CONNECTION (PostgreSQL), QUBE_DB, or qube.db in the configuration");
        }

        if (Supervisors > 1 && Seeds.Count == 0)
        {
            throw new ArgumentException($"--supervisors {Supervisors}: they find each other by --seed HOST:PORT (cluster ports of supervisors, the same list for all), or qube.seeds in the configuration");
        }

        return this;
    }

    /// <summary>The same, where the nodes speak under TLS: that is a part of their addresses.</summary>
    public FarmSize Over(bool tls) => tls ? this with { Seeds = [.. Seeds.Select(seed => seed.WithProtocol("akka.ssl.tcp"))] } : this;

    private static Address Seed(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? new Address("akka.tcp", FarmHost.SystemName, text[..colon], port)
            : throw new ArgumentException($"--seed {text}: expected HOST:PORT, the cluster port of a supervisor");
    }
}

using System.Globalization;

namespace Qube.Load;

/// <summary>What to run, for how long.</summary>
internal sealed record LoadOptions
{
    public const string Usage = "Qube.Load [w1|w2|range|simulated|messages|launcher|scripts|badscripts|recovery|submit|query|all|smoke] [--seconds N] [--rounds N] [--json FILE] [--hocon FILE]";

    public string Scenario { get; init; } = "all";

    /// <summary>Length of the long steps (simulated farm), seconds. Null is the scenario's own.</summary>
    public int? Seconds { get; init; }

    public int? Rounds { get; init; }

    public string? Json { get; init; }

    /// <summary>Laid over <c>cluster.hocon</c>, for experiments.</summary>
    public string? Hocon { get; init; }

    /// <summary>Everything for a moment only: does it still run? Its figures mean nothing.</summary>
    public bool Smoke => Scenario == "smoke";

    public bool Runs(string scenario) => Scenario is "all" or "smoke" || Scenario == scenario;

    /// <exception cref="ArgumentException">Names the argument that cannot be.</exception>
    public static LoadOptions Parse(string[] args)
    {
        var options = new LoadOptions();
        for (var at = 0; at < args.Length; at++)
        {
            options = args[at] switch
            {
                "w1" or "w2" or "range" or "simulated" or "messages" or "launcher" or "scripts" or "badscripts" or "recovery" or "submit" or "query" or "all" or "smoke" => options with { Scenario = args[at] },
                "--seconds" => options with { Seconds = Number(args, ++at) },
                "--rounds" => options with { Rounds = Number(args, ++at) },
                "--json" => options with { Json = Text(args, ++at) },
                "--hocon" => options with { Hocon = Path.GetFullPath(Text(args, ++at)) },
                var other => throw new ArgumentException($"{other}: expected {Usage}"),
            };
        }

        return options;
    }

    private static string Text(string[] args, int at) => at < args.Length ? args[at] : throw new ArgumentException($"{args[at - 1]}: its value is missing");

    private static int Number(string[] args, int at) =>
        int.TryParse(Text(args, at), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"{args[at - 1]} {args[at]}: expected a whole number above 0");
}

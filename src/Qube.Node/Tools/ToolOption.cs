namespace Qube.Node.Tools;

/// <summary>One option of a <c>qb*</c> tool (spec/cli.md).</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">What its value is called in the help; empty for an option that takes none.</param>
/// <param name="Help">What it does.</param>
/// <param name="Aliases">Other names, without dashes.</param>
internal sealed record ToolOption(string Name, string Value, string Help, params string[] Aliases)
{
    public bool TakesValue => Value.Length > 0;

    public static ToolOption Flag(string name, string help, params string[] aliases) => new(name, "", help, aliases);
}

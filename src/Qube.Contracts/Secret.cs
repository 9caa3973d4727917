namespace Qube.Contracts;

/// <summary>Something that must not be read in a log: whoever prints a message with one in it prints stars.</summary>
public sealed record Secret
{
    public string Value { get; init; } = "";

    public override string ToString() => "***";
}

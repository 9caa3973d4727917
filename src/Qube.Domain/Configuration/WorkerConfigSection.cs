namespace Qube.Domain.Configuration;

/// <summary>A section of a <c>qbwrk.conf</c> as it is written, all its openings together.</summary>
internal sealed class WorkerConfigSection(string name)
{
    public string Name { get; } = name;

    /// <summary>What it inherits from, in the order said.</summary>
    public List<string> Parents { get; } = [];

    /// <summary>Its own keys in the order in which they were first said, with the line on which each was said last.</summary>
    public OrderedDictionary<string, (string Text, int Line)> Own { get; } = new(StringComparer.Ordinal);
}

using System.Collections.Immutable;
using System.Text;

namespace Qube.Domain.Configuration;

/// <summary>A central worker configuration, <c>qbwrk.conf</c>, expanded (spec/scheduling.md §3.1): a section for each host and template with all that it
/// inherits and all macros put in.</summary>
/// <remarks>
/// Of several parents the later wins over the earlier, the section's own keys over all of them; <c>[default]</c> stands behind every section. Macros are
/// read last, in the section that has the value then: <c>$_</c> in a template is the name of the host. <c>$other.key</c> is the value as
/// <c>[other]</c> itself has it.
/// </remarks>
public sealed class WorkerConfigFile
{
    /// <summary>Applied to every section.</summary>
    public const string Default = "default";

    /// <summary>Says how the file itself is read; no host.</summary>
    public const string Global = "global_config";

    private WorkerConfigFile(ImmutableArray<Section> sections, ImmutableArray<string> problems)
    {
        Sections = sections;
        Problems = problems;
    }

    /// <summary>In the order of the file, ranges one host after the other; none when there are <see cref="Problems"/>.</summary>
    public ImmutableArray<Section> Sections { get; }

    /// <summary>What cannot be read, with its line: <c>line 3: …</c></summary>
    public ImmutableArray<string> Problems { get; }

    /// <summary>Never throws: what is wrong is among <see cref="Problems"/>.</summary>
    public static WorkerConfigFile Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new WorkerConfigReader();
        reader.Read(text);
        var sections = reader.Problems.Count == 0 ? new WorkerConfigExpander(reader.Sections, reader.Problems).Expand() : [];
        return new(reader.Problems.Count == 0 ? sections : [], [.. reader.Problems]);
    }

    /// <summary>As a file of the same kind that inherits nothing.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var section in Sections)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append('[').Append(section.Name).Append("]\n");
            foreach (var (key, value) in section.Values)
            {
                text.Append(key).Append(" = ").Append(Quoted(value)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Where reading it again would lose something.</summary>
    private static string Quoted(string value) =>
        !value.StartsWith('{') && !value.Contains('"', StringComparison.Ordinal) && (value.Contains('#', StringComparison.Ordinal) || value != value.Trim()) ? $"\"{value}\"" : value;

    /// <param name="Name">A host or a template.</param>
    /// <param name="Values">By key, own and inherited, in the order in which they were first said.</param>
    public sealed record Section(string Name, ImmutableArray<KeyValuePair<string, string>> Values);
}

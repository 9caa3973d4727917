using System.Collections.Immutable;

namespace Qube.Domain.Execution;

/// <summary>A job type's <c>job.conf</c> (spec/jobs.md §4): sections in brackets, <c>key = value</c>, comments from <c>#</c> or <c>;</c>.</summary>
/// <param name="Binding">The language of its back end: <c>Python</c> or <c>Perl</c> run here.</param>
/// <param name="Library">The back end's file, relative to the folder; empty where the file's name is the type's.</param>
/// <param name="Values">Every key as <c>section.key</c>, lower case.</param>
public sealed record JobTypeConf(string Binding, string Library, ImmutableDictionary<string, string> Values)
{
    private const string Execute = "execute module.";

    /// <summary>Reads it; what this system's suffix says (<c>execute_binding_linux</c>) goes before what is said for all.</summary>
    public static JobTypeConf Parse(string text, string systemSuffix = "_linux")
    {
        ArgumentNullException.ThrowIfNull(text);
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var section = "";
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                section = line[1..^1].Trim().ToLowerInvariant();
            }
            else if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                values[$"{section}.{line[..at].Trim().ToLowerInvariant()}"] = line[(at + 1)..].Trim().Trim('"', '\'');
            }
        }

        string Value(string key) => values.GetValueOrDefault(Execute + key + systemSuffix) ?? values.GetValueOrDefault(Execute + key) ?? "";
        return new JobTypeConf(Value("execute_binding"), Value("execute_library"), values.ToImmutable());
    }
}

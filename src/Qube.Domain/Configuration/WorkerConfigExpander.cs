using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Qube.Domain.Configuration;

/// <summary>Inherits and puts in macros.</summary>
internal sealed partial class WorkerConfigExpander(List<WorkerConfigSection> sections, List<string> problems)
{
    private static readonly string[] Local = ["self", "this"];

    private readonly Dictionary<string, WorkerConfigSection> _byName = sections.ToDictionary(section => section.Name, StringComparer.Ordinal);

    /// <summary>Sections with all that they inherit, macros not read yet.</summary>
    private readonly Dictionary<string, OrderedDictionary<string, (string Text, int Line)>> _merged = new(StringComparer.Ordinal);

    public ImmutableArray<WorkerConfigFile.Section> Expand()
    {
        var expanded = ImmutableArray.CreateBuilder<WorkerConfigFile.Section>();
        foreach (var section in sections.Where(section => section.Name != WorkerConfigFile.Global))
        {
            var merged = Merge(section);
            expanded.Add(new(section.Name, [.. merged.Keys.Select(key => KeyValuePair.Create(key, Value(section, key, [])))]));
        }

        return expanded.ToImmutable();
    }

    /// <remarks>A section can name only sections before it, and a reopened one may have got later parents: those that would go round are left out.</remarks>
    private OrderedDictionary<string, (string Text, int Line)> Merge(WorkerConfigSection section)
    {
        if (_merged.TryGetValue(section.Name, out var known))
        {
            return known;
        }

        var merged = _merged[section.Name] = new(StringComparer.Ordinal);
        IEnumerable<string> parents = section.Name is WorkerConfigFile.Default or WorkerConfigFile.Global ? section.Parents : section.Parents.Prepend(WorkerConfigFile.Default);
        foreach (var (key, value) in parents.Where(_byName.ContainsKey).SelectMany(parent => Merge(_byName[parent])).Concat(section.Own))
        {
            // Whoever said it first has the place, whoever said it last the value.
            merged[key] = value;
        }

        return merged;
    }

    private string Value(WorkerConfigSection section, string key, ImmutableStack<string> asked)
    {
        var (text, line) = Merge(section)[key];
        var name = $"{section.Name}.{key}";
        if (asked.Contains(name))
        {
            Say(line, $"'{key}' of [{section.Name}] is made of itself");
            return "";
        }

        return Macro().Replace(text, found =>
        {
            var macro = (found.Groups["braced"].Success ? found.Groups["braced"] : found.Groups["bare"]).Value;
            if (macro == "_")
            {
                return section.Name;
            }

            var dot = macro.LastIndexOf('.');
            if (dot < 1)
            {
                Say(line, $"${macro} is no macro; they look like $section.key and $_");
                return "";
            }

            var of = Local.Contains(macro[..dot]) ? section : _byName.GetValueOrDefault(macro[..dot]);
            if (of is null || !Merge(of).ContainsKey(macro[(dot + 1)..]))
            {
                Say(line, of is null ? $"${macro}: there is no section [{macro[..dot]}]" : $"${macro}: [{of.Name}] has no {macro[(dot + 1)..]}");
                return "";
            }

            return Value(of, macro[(dot + 1)..], asked.Push(name));
        });
    }

    private void Say(int line, string what)
    {
        var problem = string.Create(CultureInfo.InvariantCulture, $"line {line}: {what}");
        if (!problems.Contains(problem))
        {
            problems.Add(problem);
        }
    }

    [GeneratedRegex(@"\$(?:\{(?<braced>[A-Za-z0-9_.-]+)\}|(?<bare>[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)?))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Macro();
}

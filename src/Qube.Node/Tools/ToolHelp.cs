using System.Text;

namespace Qube.Node.Tools;

/// <summary>The help of a tool, from its table: every option there is, and none other.</summary>
internal static class ToolHelp
{
    private const int Column = 34;

    public static string Of(Tool tool)
    {
        var text = new StringBuilder($"{tool.Name}: {tool.Summary}\n\nUsage:\n  {tool.Name} [options] {tool.Arguments}".TrimEnd()).Append("\n\nOptions:\n");
        foreach (var option in tool.Options.Concat(Tool.Everywhere))
        {
            var names = string.Join(", ", option.Aliases.Prepend(option.Name).Select(name => name.Length == 1 ? $"-{name}" : $"--{name}"));
            var left = $"  {names}{(option.TakesValue ? " " + option.Value : "")}";
            text.Append(left.Length < Column ? left.PadRight(Column) : left + "\n" + new string(' ', Column)).Append(option.Help).Append('\n');
        }

        text.Append("\nOptions take one or two dashes and may be shortened to any beginning that is theirs alone.\n");
        if (tool.Notes.Length > 0)
        {
            text.Append('\n').Append(tool.Notes).Append('\n');
        }

        if (tool.Examples.Count > 0)
        {
            text.Append("\nExamples:\n").AppendJoin('\n', tool.Examples.Select(example => $"  {example}")).Append('\n');
        }

        return text.Append("\nExit codes: 0 done, 1 refused or nothing to act on, 2 a wrong command line, 3 no supervisor answered.\n").ToString();
    }
}

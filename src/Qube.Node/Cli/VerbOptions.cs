using System.CommandLine;
using System.Globalization;

namespace Qube.Node.Cli;

/// <summary>Options and arguments in the shapes that verbs share.</summary>
internal static class VerbOptions
{
    public static Option<string> Text(string name, string valueName, string description) => new(name) { HelpName = valueName, Description = description };

    public static Option<bool> Flag(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<long?> Number(string name, string valueName, string description) => new(name)
    {
        HelpName = valueName,
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            result.AddError($"{name} takes a whole number, not '{text}'");
            return null;
        },
    };

    public static Argument<string[]> Ids(ArgumentArity arity, string description) => new("ID") { Arity = arity, Description = description };
}

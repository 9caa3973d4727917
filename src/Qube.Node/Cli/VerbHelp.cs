using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Qube.Node.Cli;

/// <summary>A verb's help: what System.CommandLine writes of its options, then examples.</summary>
internal sealed class VerbHelp(string examples) : SynchronousCommandLineAction
{
    private const int Width = 110;

    private readonly HelpAction _options = new() { MaxWidth = Width };

    /// <summary>Help is asked for by those who do not know yet what else is needed.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = _options.Invoke(parseResult);
        if (examples.Length > 0)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(examples);
        }

        return code;
    }
}

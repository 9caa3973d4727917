using System.Reflection;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>The <c>qb*</c> tools (spec/cli.md), which this executable is when it is called by their names.</summary>
public static class QbTools
{
    private static readonly Tool[] All =
    [
        QbsubTool.Tool, QbjobsTool.Tool, QbhostsTool.Tool, QbhistTool.Tool, .. LogTools.All, .. ControlTools.All, QbmodifyTool.Tool, .. LockTools.All, QbpingTool.Tool,
        QbsummaryTool.Tool, QbarchiveTool.Tool, QbadminTool.Tool, QbupdateresourceTool.Tool, QbstatsTool.Tool, QbjoborderTool.Tool, QbusersTool.Tool, QbconfigfileTool.Tool, .. UnofferedTools.All,
    ];

    /// <summary>The names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(tool => tool.Name).Order(StringComparer.Ordinal)];

    internal static IReadOnlyList<Tool> Tools => All;

    public static bool Knows(string name) => Names.Contains(name, StringComparer.Ordinal);

    /// <summary>Runs one command line.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="args">What was typed after it.</param>
    /// <param name="environment">The process it runs in.</param>
    /// <param name="cancel">Cuts it off.</param>
    /// <returns>One of <see cref="CliExit"/>.</returns>
    public static async Task<int> RunAsync(string name, string[] args, CliEnvironment environment, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        var tool = Array.Find(All, one => one.Name == name) ?? throw new ArgumentException($"there is no tool {name}", nameof(name));
        try
        {
            var said = ToolWords.Read(tool, args);
            if (said.HasAny("help", "version"))
            {
                await environment.Output.WriteAsync(said.Has("help") ? ToolHelp.Of(tool) : $"{name} {Version()}\n");
                return CliExit.Ok;
            }

            using var run = new ToolRun(tool, said, new ClientSession(environment), cancel);
            return await tool.Run(run);
        }
        catch (CliFailure failure)
        {
            await environment.Error.WriteLineAsync($"{name}: {failure.Message}");
            if (failure.ExitCode == CliExit.Usage)
            {
                await environment.Error.WriteLineAsync($"'{name} --help' tells what it takes");
            }

            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return CliExit.Interrupted;
        }
    }

    private static string Version() =>
        typeof(QbTools).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}

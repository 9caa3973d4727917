using System.CommandLine;
using Qube.Node.Cli;
using Qube.Node.Demo;
using Qube.Node.Launcher;
using Qube.Node.Roles;
using Qube.Node.Tools;

// The launcher first, and nothing else loaded for it: it is to be there in tens of milliseconds and to stay small.
if (args is [LauncherProcess.Verb, .. var rest])
{
    return LauncherProcess.Run(rest);
}

if (args is [KeeperProcess.Verb, .. var kept])
{
    return KeeperProcess.Run(kept);
}

// By the name of a tool, or as its first word where there are no links.
if (ToolLinks.CalledName() is var called && QbTools.Knows(called))
{
    return await QbTools.RunAsync(called, args, CliEnvironment.Of(Console.Out, Console.Error), CancellationToken.None);
}

if (args is [var tool, .. var toolArgs] && QbTools.Knows(tool))
{
    return await QbTools.RunAsync(tool, toolArgs, CliEnvironment.Of(Console.Out, Console.Error), CancellationToken.None);
}

if (args is [ToolLinks.Verb, .. var folder])
{
    return ToolLinks.Run(folder, Console.Out, Console.Error);
}

// A client's verb loads no actor system either.
if (args is [var verb, ..] && ClientCommands.Knows(verb))
{
    return await ClientCommands.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
}

var root = new RootCommand("qube: an actor-based, Qube!-compatible scheduler for render farms.")
{
    UpCommand.Create(),
    UpCommand.CreateSupervisor(),
    UpCommand.CreateWorker(),
    DemoCommand.Create(),
    RebuildCommand.Create(),
};
root.Add(new Command(ToolLinks.Verb, "Puts qbsub, qbjobs and the other tools of Qube! into a folder, as links to this executable."));
foreach (var (name, description) in ClientCommands.Descriptions)
{
    root.Add(new Command(name, description));
}

var parsed = root.Parse(args);

// A farm hands over before it goes, which on a busy machine takes longer than the 2 s that are usual; what stops it has a limit of its own.
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
return parsed.Errors.Count > 0 ? CliExit.Usage : code;

using System.CommandLine;
using Qube.Node.Cli;
using Qube.Node.Demo;
using Qube.Node.Launcher;
using Qube.Node.Roles;

// The launcher first, and nothing else loaded for it: it is to be there in tens of milliseconds and to stay small.
if (args is [LauncherProcess.Verb, .. var rest])
{
    return LauncherProcess.Run(rest);
}

if (args is [KeeperProcess.Verb, .. var kept])
{
    return KeeperProcess.Run(kept);
}

// A client's verb loads no actor system either.
if (args is [var verb, ..] && ClientCommands.Knows(verb))
{
    return await ClientCommands.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
}

var root = new RootCommand("qube: an actor-based, Qube!-compatible scheduler for render farms.") { UpCommand.Create(), DemoCommand.Create() };
foreach (var (name, description) in ClientCommands.Descriptions)
{
    root.Add(new Command(name, description));
}

var parsed = root.Parse(args);
var code = await parsed.InvokeAsync();
return parsed.Errors.Count > 0 ? CliExit.Usage : code;

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

// A farm hands over before it goes, which on a busy machine takes longer than the 2 s that are usual; what stops it has a limit of its own.
var code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(5) });
return parsed.Errors.Count > 0 ? CliExit.Usage : code;

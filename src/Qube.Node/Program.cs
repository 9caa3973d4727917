using System.CommandLine;
using Qube.Node.Launcher;
using Qube.Node.Roles;

// The launcher first, and nothing else loaded for it: it is to be there in tens of milliseconds and to stay small.
if (args is [LauncherProcess.Verb, .. var rest])
{
    return LauncherProcess.Run(rest);
}

return await new RootCommand("qube: an actor-based, Qube!-compatible scheduler for render farms.") { UpCommand.Create() }.Parse(args).InvokeAsync();

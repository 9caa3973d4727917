using Qube.Node.Launcher;

// The launcher first, and nothing else loaded for it: it is to be there in tens of milliseconds and to stay small.
if (args is [LauncherProcess.Verb, .. var rest])
{
    return LauncherProcess.Run(rest);
}

Console.Error.WriteLine("usage: qube launcher --dir DIR [--lease-seconds N]");
return 2;

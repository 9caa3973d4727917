using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary><c>qube tools DIR</c>: the tools as links to this executable.</summary>
public static class ToolLinks
{
    /// <summary>The verb.</summary>
    public const string Verb = "tools";

    private const string CommandLine = "/proc/self/cmdline";

    /// <summary>The name this process was called by, without its folder. The runtime resolves links before any managed code is told.</summary>
    public static string CalledName()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Path.GetFileName(File.ReadAllText(CommandLine).Split('\0')[0]) : "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>Makes the links, over those that are there; anything else of the same name is left alone.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        if (args is not [var folder] || folder.StartsWith('-'))
        {
            var isHelp = args is ["--help" or "-h" or "-?"];
            (isHelp ? output : error).WriteLine("qube tools DIR: puts qbsub, qbjobs and the other tools there as links to this executable");
            return isHelp ? CliExit.Ok : CliExit.Usage;
        }

        try
        {
            Directory.CreateDirectory(folder);
            foreach (var name in QbTools.Names)
            {
                var link = new FileInfo(Path.Combine(folder, name));
                if (link.LinkTarget is not null)
                {
                    link.Delete();
                }

                File.CreateSymbolicLink(link.FullName, Environment.ProcessPath!);
                output.WriteLine(link.FullName);
            }

            return CliExit.Ok;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"qube tools: {failure.Message}");
            return CliExit.Refused;
        }
    }
}

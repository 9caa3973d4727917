using System.CommandLine;
using System.CommandLine.Help;
using System.Reflection;

namespace Qube.Node.Cli;

/// <summary>The client side of <c>qube</c>: verbs that ask a supervisor over HTTP and start nothing of their own.</summary>
public static class ClientCommands
{
    private static readonly HashSet<string> Verbs = new(
        ["sub", "jobs", "hosts", .. ControlCommand.Names, "modify", "lock", "unlock", "out", "err", "hist", "ping", "callbacks", "refire", "explain", "check", "trigger", "mailtest"], StringComparer.Ordinal);

    /// <summary>Whether <see cref="RunAsync(string[], TextWriter, TextWriter, CancellationToken)"/> is for this verb.</summary>
    public static bool Knows(string verb) => Verbs.Contains(verb);

    /// <summary>Names and one line each, for the help of the executable.</summary>
    public static IReadOnlyList<(string Verb, string Description)> Descriptions =>
        [.. Commands(new(new() { Output = TextWriter.Null, Error = TextWriter.Null })).Select(command => (command.Name, command.Description ?? ""))];

    /// <summary>Runs one command line, the verb first.</summary>
    /// <returns>One of <see cref="CliExit"/>.</returns>
    public static Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken ct) =>
        RunAsync(args, CliEnvironment.Of(output, error), ct);

    /// <summary>As the other, with everything else that a command takes from its process given too.</summary>
    public static async Task<int> RunAsync(string[] args, CliEnvironment environment, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(environment);
        var verb = args.Length > 0 ? args[0] : "";
        try
        {
            return await Run(verb, args, new(environment), ct);
        }
        catch (CliFailure failure)
        {
            await environment.Error.WriteLineAsync($"qube {CellText.OneLine(verb)}: {failure.Message}");
            if (failure.ExitCode == CliExit.Usage && Knows(verb))
            {
                await environment.Error.WriteLineAsync($"'qube {verb} --help' tells what it takes");
            }

            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return CliExit.Interrupted;
        }
    }

    private static async Task<int> Run(string verb, string[] args, ClientSession session, CancellationToken ct)
    {
        if (!Knows(verb))
        {
            throw CliFailure.Usage($"there is no such command; known are {string.Join(", ", Verbs)}");
        }

        // No RootCommand: that would be called by the name of whatever program this is part of, and read [words] in brackets as directives.
        var root = new Command("qube", "");
        var version = VerbOptions.Flag("--version", "Show the version.");
        Option[] everywhere = [session.Supervisor, session.TokenFile, version];
        foreach (var option in everywhere)
        {
            option.Recursive = true;
            root.Options.Add(option);
        }

        var command = Commands(session).Single(one => one.Name == verb);
        root.Subcommands.Add(command);
        var words = OptionWords.Complete(args.AsSpan(1), [.. command.Options, .. everywhere], firstWordEnds: verb == "sub");
        if (words.TakeWhile(word => word != "--").Contains(version.Name))
        {
            await session.Environment.Output.WriteLineAsync($"qube {Version()}");
            return CliExit.Ok;
        }

        var parsed = root.Parse([verb, .. words], new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            throw CliFailure.Usage(string.Join("\n", parsed.Errors.Select(error => error.Message)));
        }

        return await parsed.InvokeAsync(
            new()
            {
                Output = session.Environment.Output,
                Error = session.Environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            ct);
    }

    private static List<Command> Commands(ClientSession session)
    {
        List<Command> commands =
        [
            SubCommand.Build(session),
            JobsCommand.Build(session),
            HostsCommand.Build(session),
            .. ControlCommand.BuildAll(session),
            ModifyCommand.Build(session),
            .. LockCommand.BuildAll(session),
            .. LogCommand.BuildAll(session),
            HistoryCommand.Build(session),
            CallbacksCommand.Build(session),
            RefireCommand.Build(session),
            ExplainCommand.Build(session),
            CheckCommand.Build(session),
            PingCommand.Build(session),
            TriggerCommand.Build(session),
            MailTestCommand.Build(session),
        ];
        foreach (var command in commands)
        {
            command.Options.Add(new HelpOption("--help", "-h", "-?") { Action = new VerbHelp(VerbExamples.Of(command.Name)) });
        }

        return commands;
    }

    private static string Version() =>
        typeof(ClientCommands).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}

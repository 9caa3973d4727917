using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using Qube.Node.Cli;
using Xunit;

namespace Qube.Node.Tests.Cli;

public sealed class HelpTests
{
    private static readonly string[] All =
    [
        "sub", "jobs", "hosts", "kill", "block", "unblock", "retry", "requeue", "preempt", "interrupt", "migrate", "suspend", "resume", "remove", "modify", "lock", "unlock",
        "out", "err", "hist", "callbacks", "refire", "explain", "check", "ping", "trigger", "mailtest",
    ];

    private static readonly Uri Nowhere = new("http://127.0.0.1:1");

    public static TheoryData<string> Verbs => new(All);

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Should_explain_every_option_when_help_is_asked_for(string verb)
    {
        foreach (var help in new[] { "--help", "-h", "-help" })
        {
            var result = await new CliRun(Nowhere).Run(verb, help);

            Assert.Equal((CliExit.Ok, ""), (result.Code, result.Error));
            Assert.Contains($"qube {verb}", result.Output, StringComparison.Ordinal);
            Assert.Contains("--supervisor", result.Output, StringComparison.Ordinal);
            Assert.Contains("Exit codes: 0 ", result.Output, StringComparison.Ordinal);
            Assert.All(result.Lines, line => Assert.True(line.Length <= 125, line));
        }
    }

    [Fact]
    public async Task Should_name_what_a_job_can_be_given_when_help_of_sub_is_asked_for()
    {
        var help = (await new CliRun(Nowhere).Run("sub", "--help")).Output;

        Assert.All(
            "--name --label --priority --cpus --range --chunk --partitions --reverse --binary --padding --waitfor --dependency --requirements --reservations --cluster --hosts --groups --flags --account --kind --retrywork --retrysubjob --env --cwd --status --pgrp --user --shell --type --prototype --waiton --json --check"
                .Split(' '),
            option => Assert.Contains(option, help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_tell_the_version_when_asked()
    {
        var result = await new CliRun(Nowhere).Run("kill", "--version");

        Assert.Equal(CliExit.Ok, result.Code);
        Assert.Matches("^qube [0-9]+\\.[0-9]+\\.[0-9]+\n$", result.Output);
    }

    [Fact]
    public void Should_know_its_verbs_and_no_others_when_the_executable_asks()
    {
        Assert.All(All, verb => Assert.True(ClientCommands.Knows(verb), verb));
        Assert.All(["up", "demo", "SUB", "", "--help"], verb => Assert.False(ClientCommands.Knows(verb), verb));
        Assert.Equal(All, ClientCommands.Descriptions.Select(one => one.Verb));
        Assert.All(ClientCommands.Descriptions, one => Assert.NotEqual("", one.Description));
    }

    /// <summary>Loaded anew, so that what the verbs themselves need is seen apart from what this test process holds already.</summary>
    [Fact]
    public async Task Should_load_no_actor_system_when_a_client_verb_runs()
    {
        var context = new Recording(typeof(ClientCommands).Assembly.Location);
        var commands = context.LoadFromAssemblyPath(typeof(ClientCommands).Assembly.Location).GetType(typeof(ClientCommands).FullName!)!;
        var run = commands.GetMethod(nameof(ClientCommands.RunAsync), [typeof(string[]), typeof(TextWriter), typeof(TextWriter), typeof(CancellationToken)])!;
        foreach (var (line, code) in new[] { ("jobs --help", CliExit.Ok), ("sub --supervisor 127.0.0.1:1 true", CliExit.Away), ("kill --supervisor 127.0.0.1:1 12", CliExit.Away) })
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture);
            using var error = new StringWriter(CultureInfo.InvariantCulture);
            var result = await (Task<int>)run.Invoke(null, [line.Split(' '), output, error, CancellationToken.None])!;
            Assert.True(result == code, $"{line}: {result} {output} {error}");
        }

        Assert.Contains("System.CommandLine", context.Loaded);
        Assert.DoesNotContain(context.Loaded, name => name.StartsWith("Akka", StringComparison.Ordinal) || name == "Qube.Actors" || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    private sealed class Recording(string main) : AssemblyLoadContext("client verbs")
    {
        private readonly AssemblyDependencyResolver _resolver = new(main);

        public List<string> Loaded { get; } = [];

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            Loaded.Add(assemblyName.Name!);
            return _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
        }
    }
}

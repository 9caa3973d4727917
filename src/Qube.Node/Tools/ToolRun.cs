using System.Text.Json;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>One run of a tool.</summary>
internal sealed class ToolRun(Tool tool, ToolWords said, ClientSession session, CancellationToken cancel) : IDisposable
{
    private SupervisorClient? _supervisor;

    public Tool Tool { get; } = tool;

    public ToolWords Said { get; } = said;

    public ClientSession Session { get; } = session;

    public CliEnvironment Environment => Session.Environment;

    public TextWriter Output => Session.Environment.Output;

    public CancellationToken Cancel { get; } = cancel;

    /// <summary>Who runs it; options called <c>--user</c> choose whose jobs are meant.</summary>
    public string User => Session.Environment.User;

    /// <summary>Connected at first use, so that what only reads files needs none.</summary>
    public SupervisorClient Supervisor => _supervisor ??= Session.Connect(Said.Text("supervisor"), Said.Text("token-file"));

    public bool IsXml => Said.Has("xml");

    /// <summary>A remark or a complaint, to stderr.</summary>
    public void Say(string line) => Session.Say($"{Tool.Name}: {CellText.OneLine(line)}");

    public Task<JsonElement> Post(string path, Action<Utf8JsonWriter> body) => Supervisor.Post(path, body, Cancel);

    public void Dispose() => _supervisor?.Dispose();
}

using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>Reads logs on from where it was, and writes what is new. Where there are several, a heading says whose it is, as tail does.</summary>
/// <param name="supervisor">Who has them.</param>
/// <param name="stream"><c>out</c> or <c>err</c>.</param>
/// <param name="ids">Jobs and instances.</param>
/// <param name="output">Where they are written, as they are.</param>
/// <param name="start">The first byte of each log; below 0: so many before its end.</param>
internal sealed class LogReader(SupervisorClient supervisor, string stream, string[] ids, TextWriter output, long start)
{
    private readonly Dictionary<string, long> _next = new(StringComparer.Ordinal);
    private string _shown = "";
    private bool _endsLine = true;

    /// <summary>Whether there is any log, be it empty.</summary>
    public bool FoundAny => _next.Count > 0;

    /// <summary>Writes what the logs hold now beyond what was written before.</summary>
    /// <param name="patiently">Whether a supervisor that restarts is waited for.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task ReadOn(bool patiently, CancellationToken cancel)
    {
        // No bytes at first, only how long each log is: an instance that started later has one that was not there before.
        var sizes = await Ask(ids, start, 0, patiently, cancel);
        foreach (var log in sizes)
        {
            _next.TryAdd(Name(log), log.Long("next"));
        }

        foreach (var log in sizes)
        {
            await ReadTo(Name(log), log.Long("fullsize"), patiently, cancel);
        }
    }

    /// <summary>One answer is bounded, so there may be several; each tells where the next begins.</summary>
    private async Task ReadTo(string instance, long size, bool patiently, CancellationToken cancel)
    {
        while (_next[instance] < size)
        {
            var log = (await Ask([instance], _next[instance], -1, patiently, cancel)).FirstOrDefault();
            if (log.ValueKind == JsonValueKind.Undefined || log.Long("next") <= _next[instance])
            {
                // Gone, or the beginning of a character whose rest is still to come.
                return;
            }

            _next[instance] = log.Long("next");
            Show(instance, log.Text("data"));
        }
    }

    private async Task<List<JsonElement>> Ask(string[] whose, long pos, long length, bool patiently, CancellationToken cancel)
    {
        void Body(Utf8JsonWriter body)
        {
            JobQueries.WriteList(body, "ids", whose);
            body.WriteString("stream", stream);
            body.WriteNumber("pos", pos);
            body.WriteNumber("len", length);
        }

        const string Path = "api/v1/logs";
        var answer = patiently ? await supervisor.PostPatiently(Path, Body, cancel) : await supervisor.Post(Path, Body, cancel);
        return [.. answer.List("logs")];
    }

    private void Show(string instance, string data)
    {
        if (_next.Count > 1 && _shown != instance)
        {
            output.Write($"{(_endsLine ? "" : "\n")}==> {instance} <==\n");
        }

        _shown = instance;
        _endsLine = data.EndsWith('\n');
        output.Write(data);
        output.Flush();
    }

    private static string Name(JsonElement log) => string.Create(CultureInfo.InvariantCulture, $"{log.Long("jobid")}.{log.Long("subid")}");
}

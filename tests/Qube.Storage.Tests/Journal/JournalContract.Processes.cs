using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Qube.Storage.Tests.Journal;

public abstract partial class JournalContract
{
    [Fact]
    public async Task Should_lose_no_acknowledged_event_when_the_writing_process_is_killed()
    {
        var acknowledged = new ConcurrentDictionary<string, int>();
        var lines = 0;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var process = StartWriter(ForWriterProcess, actors: 20, line =>
        {
            if (line is null || line == "FAILED")
            {
                enough.TrySetException(new InvalidOperationException($"the writer ended or failed before it was killed, after {lines} acknowledged events"));
                return;
            }

            // The actor system's own log goes there too.
            if (!line.StartsWith("killed-", StringComparison.Ordinal))
                return;

            var parts = line.Split(' ');
            acknowledged[parts[0]] = int.Parse(parts[1]) + 1;
            if (++lines == 2_000)
                enough.TrySetResult();
        });
        await enough.Task.WaitAsync(Eventually.Limit);
        process.Kill();

        // With the process its pipe ends: every line it wrote is counted after this.
        await process.WaitForExitAsync().WaitAsync(Eventually.Limit);

        var system = Start();
        foreach (var (id, count) in acknowledged)
        {
            var texts = await system.Texts(id);
            Assert.True(texts.Length >= count, $"{id}: {count} events were acknowledged, {texts.Length} are there");
            Assert.Equal(Enumerable.Range(0, texts.Length).Select(n => $"{n}"), texts);
        }
    }

    private protected static Process StartWriter((string Store, string Connection) store, int actors, Action<string?> onLine, string shellPrefix = "")
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"{shellPrefix} exec \"$@\"");
        start.ArgumentList.Add("sh");
        foreach (var argument in new[] { Environment.ProcessPath!, typeof(JournalContract).Assembly.Location, "write", store.Store, store.Connection, $"{actors}" })
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => onLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        return process;
    }
}

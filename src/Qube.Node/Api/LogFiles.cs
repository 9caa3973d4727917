using System.Globalization;
using System.Text;
using Qube.Domain.Execution;

namespace Qube.Node.Api;

/// <summary>Reads logs where workers and callbacks write them (spec/jobs.md §8.1): within one answer no more than a bound.</summary>
internal sealed class LogFiles(string logPath, long maxBytes)
{
    private long _left = maxBytes;

    /// <summary>The logs an id names; files that do not exist are absent.</summary>
    /// <param name="id">A job: all its instances. An instance: its own.</param>
    /// <param name="stream"><c>out</c>, <c>err</c>, or <c>cb</c>, of which a job has one.</param>
    /// <param name="pos">First byte; below 0: so many before the end.</param>
    /// <param name="len">At most so many bytes; below 0: all.</param>
    public async Task<IReadOnlyList<LogEntry>> Read(TargetId id, string stream, long pos, long len)
    {
        var entries = new List<LogEntry>();
        foreach (var (instance, path) in Files(id, stream))
        {
            if (await Read(path, pos, len) is { } read)
            {
                entries.Add(read with { Jobid = id.Job, Subid = instance });
            }
        }

        return entries;
    }

    private IEnumerable<(int Instance, string Path)> Files(TargetId id, string stream)
    {
        if (stream == "cb")
        {
            return [(-1, LogPaths.Callbacks(logPath, id.Job))];
        }

        if (id.Instance is { } instance)
        {
            return [(instance, stream == "out" ? LogPaths.Out(logPath, id.Job, instance) : LogPaths.Err(logPath, id.Job, instance))];
        }

        var folder = LogPaths.Folder(logPath, id.Job);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var prefix = string.Create(CultureInfo.InvariantCulture, $"{id.Job}_");
        return Directory.EnumerateFiles(folder, $"{prefix}*.{stream}")
            .Select(path => (
                Instance: int.TryParse(Path.GetFileNameWithoutExtension(path)[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? number
                    : -1,
                Path: path))
            .Where(file => file.Instance >= 0)
            .OrderBy(file => file.Instance);
    }

    private async Task<LogEntry?> Read(string path, long pos, long len)
    {
        try
        {
            await using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
            var size = file.Length;
            var start = pos < 0 ? Math.Max(0, size + pos) : Math.Min(pos, size);
            var wanted = Math.Min(len < 0 ? long.MaxValue : len, Math.Min(size - start, _left));
            var buffer = new byte[wanted];
            file.Position = start;
            var count = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
            var whole = WholeCharacters(buffer.AsSpan(0, count), atLimit: wanted > 4);
            _left -= whole;
            return new(0, 0, Encoding.UTF8.GetString(buffer, 0, whole), size, start + whole);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Without the beginning of a character whose rest is still to come, so that reading on from there loses nothing.</summary>
    internal static int WholeCharacters(ReadOnlySpan<byte> text, bool atLimit)
    {
        if (!atLimit)
        {
            return text.Length;
        }

        for (var back = 1; back <= Math.Min(3, text.Length); back++)
        {
            var lead = text[^back];
            if ((lead & 0b1100_0000) == 0b1000_0000)
            {
                continue;
            }

            var length = lead >= 0b1111_0000 ? 4 : lead >= 0b1110_0000 ? 3 : lead >= 0b1100_0000 ? 2 : 1;
            return length > back ? text.Length - back : text.Length;
        }

        return text.Length;
    }
}

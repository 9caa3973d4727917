using System.Text;
using System.Text.Json;
using Qube.Domain.Execution;

namespace Qube.Actors.Workers;

/// <summary>Reads what one item wrote, from where it began to where it ended (spec/jobs.md §8.2).</summary>
internal static class OutputReader
{
    /// <summary>A longer line is read in pieces: a log without line ends must not fill the memory.</summary>
    private const int MaxLineLength = 64 * 1024;

    /// <summary>Characters of paths in one result: it travels in a report (design.md §8, no message over 64 kB).</summary>
    private const int MaxResultLength = 12_000;

    /// <summary>A stretch of a log, in bytes.</summary>
    public readonly record struct Stretch(string? Path, long From, long To);

    public static OutputVerdict Read(OutputRules rules, Stretch output, Stretch errors)
    {
        var scan = new OutputScan(rules);
        Read(scan, output);
        if (errors.Path != output.Path)
        {
            Read(scan, errors);
        }

        var failedBy = scan.HasFailed ? scan.Errors.Count > 0 ? scan.Errors[0] : "" : null;
        return new OutputVerdict(failedBy, ResultOf(scan.OutputPaths));
    }

    private static void Read(OutputScan scan, Stretch stretch)
    {
        if (stretch.Path is null || stretch.To <= stretch.From || !File.Exists(stretch.Path))
        {
            return;
        }

        using var file = new FileStream(stretch.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        file.Seek(stretch.From, SeekOrigin.Begin);
        var left = stretch.To - stretch.From;
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[16 * 1024];
        var characters = new char[bytes.Length + 1];
        var line = new StringBuilder();
        while (left > 0)
        {
            var count = file.Read(bytes, 0, (int)Math.Min(bytes.Length, left));
            if (count == 0)
            {
                break;
            }

            left -= count;
            foreach (var character in characters.AsSpan(0, decoder.GetChars(bytes, 0, count, characters, 0, left == 0)))
            {
                if (character is '\n' or '\r' || line.Length >= MaxLineLength)
                {
                    End(scan, line);
                }

                if (character is not ('\n' or '\r'))
                {
                    line.Append(character);
                }
            }
        }

        End(scan, line);
    }

    private static void End(OutputScan scan, StringBuilder line)
    {
        if (line.Length > 0)
        {
            scan.Read(line.ToString());
            line.Clear();
        }
    }

    private static string ResultOf(IReadOnlyList<string> paths)
    {
        var length = 0;
        string[] kept = [.. paths.TakeWhile(path => (length += path.Length + 3) <= MaxResultLength)];
        return kept.Length == 0 ? "" : $"{{\"outputPaths\":{JsonSerializer.Serialize(kept, JsonStrings.Default.StringArray)}}}";
    }
}

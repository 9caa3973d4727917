using System.Text;
using System.Text.Json.Nodes;
using Qube.Domain.Archives;
using Qube.Node.Cli;

namespace Qube.Node.Tools;

/// <summary>Archives in files.</summary>
internal static class ArchiveFile
{
    private const string Standard = "-";

    /// <exception cref="CliFailure">The file cannot be read, or is no archive.</exception>
    public static async Task<IReadOnlyList<JsonObject>> Read(string path, CliEnvironment environment, CancellationToken cancel)
    {
        try
        {
            return JobArchive.Read(path == Standard ? await environment.Input().ReadToEndAsync(cancel) : await File.ReadAllTextAsync(path, cancel));
        }
        catch (FormatException wrong)
        {
            throw CliFailure.Refused($"{path}: {wrong.Message}{(path.EndsWith(".qja", StringComparison.OrdinalIgnoreCase) ? " (binary archives are not read)" : "")}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw CliFailure.Refused(unreadable.Message);
        }
    }

    /// <exception cref="CliFailure">The file cannot be written, or the job's range is none.</exception>
    public static async Task Write(string path, IEnumerable<JsonObject> jobs, CliEnvironment environment, CancellationToken cancel)
    {
        try
        {
            var text = JobArchive.Write(jobs.Select(Resubmission.WithItems));
            if (path == Standard)
            {
                await environment.Output.WriteAsync(text);
            }
            else
            {
                await File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancel);
            }
        }
        catch (FormatException wrong)
        {
            throw CliFailure.Usage(wrong.Message);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            throw CliFailure.Refused(unwritable.Message);
        }
    }
}

using System.Text.Json.Nodes;

namespace Qube.Domain.Archives;

/// <summary>
/// Job archives, <c>.xja</c> (spec/jobs.md §5.2): a job's dictionary as XML, written and read without loss, in the same form as the python module's
/// <c>archivejob</c>. A text has the type <c>str</c> and every other value its own, since <c>'4'</c> and <c>4</c> are two things to a script. Archives of
/// other origin, without types, are read by the names of their tags.
/// </summary>
public static class JobArchive
{
    /// <summary>An archive of one job, or of several side by side.</summary>
    public static string Write(params IEnumerable<JsonObject> jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        return new ArchiveWriter().Write(jobs);
    }

    /// <summary>The jobs of an archive, in its order.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static IReadOnlyList<JsonObject> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return ArchiveReader.Read(text);
    }
}

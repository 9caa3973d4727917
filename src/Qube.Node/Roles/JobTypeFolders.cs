using Qube.Actors.Workers;
using Qube.Domain.Execution;

namespace Qube.Node.Roles;

/// <summary>The job types of this host (<c>worker_template_path</c>): each a folder with a <c>job.conf</c>, named like the type. Read when the
/// worker starts.</summary>
internal static class JobTypeFolders
{
    private const string ConfFile = "job.conf";

    /// <summary>All that can be run here. Of two by one name the first counts; what cannot be run is said to <paramref name="trouble"/>.</summary>
    public static Dictionary<string, BackEndProgram> Read(IEnumerable<string> folders, string python, string perl, Action<string> trouble)
    {
        var found = new Dictionary<string, BackEndProgram>(StringComparer.Ordinal);
        foreach (var folder in folders.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal))
        {
            var conf = Path.Combine(folder, ConfFile);
            try
            {
                if (File.Exists(conf) && ProgramOf(Path.GetFullPath(folder), JobTypeConf.Parse(File.ReadAllText(conf)), python, perl) is { } program)
                {
                    found.TryAdd(Path.GetFileName(folder), program);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                trouble($"job type {folder}: {e.Message}");
            }
        }

        return found;
    }

    private static BackEndProgram ProgramOf(string folder, JobTypeConf conf, string python, string perl)
    {
        var (interpreter, extension, variable, library) = conf.Binding.ToUpperInvariant() switch
        {
            "PYTHON" => (python, ".py", "PYTHONPATH", "python"),
            "PERL" => (perl, ".pl", "PERL5LIB", "perl"),
            _ => throw new ArgumentException($"execute_binding = {conf.Binding}: Python and Perl run here"),
        };
        var type = Path.GetFileName(folder);
        string[] candidates = conf.Library.Length > 0 ? [conf.Library, conf.Library + extension] : [type + extension, "execute" + extension];
        var file = candidates.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new ArgumentException($"no file {string.Join(" or ", candidates)}");
        return new BackEndProgram([interpreter, file], folder, variable, Path.Combine(AppContext.BaseDirectory, library));
    }
}

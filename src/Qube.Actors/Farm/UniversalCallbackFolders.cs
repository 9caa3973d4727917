using Qube.Domain.Submissions;

namespace Qube.Actors.Farm;

/// <summary>The folders of a site's universal callbacks (<c>supervisor_universal_callback_path</c>), read anew whenever they are asked for.</summary>
public sealed class UniversalCallbackFolders(IReadOnlyList<string> folders)
{
    /// <summary>Reads a list of folders between commas.</summary>
    public static UniversalCallbackFolders Of(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return new([.. list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);
    }

    /// <summary>What they hold now. A folder without map has none, which is no fault; one that is not there is told as a problem.</summary>
    public UniversalCallbacks Read() => folders.Select(ReadOne).Aggregate(UniversalCallbacks.None, (sum, one) => sum.With(one));

    private static UniversalCallbacks ReadOne(string folder)
    {
        var path = Path.Combine(folder, UniversalCallbacks.MapFile);
        if (Directory.Exists(folder) && !File.Exists(path))
        {
            return UniversalCallbacks.None;
        }

        string map;
        try
        {
            map = File.ReadAllText(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new([], [$"{folder}: {unreadable.Message}"]);
        }

        return UniversalCallbacks.Read(folder, map, file => File.ReadAllText(Path.Combine(folder, file)));
    }
}

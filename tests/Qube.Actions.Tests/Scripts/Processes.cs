namespace Qube.Actions.Tests.Scripts;

internal static class Processes
{
    /// <summary>False for one that has gone or is a zombie, which an init that reaps nobody leaves.</summary>
    public static bool IsAlive(string pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>What listings call it; nothing for one that has gone.</summary>
    public static string Name(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

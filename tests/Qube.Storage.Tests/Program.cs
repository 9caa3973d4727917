using Qube.Storage.Tests.Journal;

namespace Qube.Storage.Tests;

/// <summary>The test assembly as a process of its own: a writer to be killed. xunit does not call this.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is not ["write", var store, var connection, var actors])
        {
            Console.Error.WriteLine("usage: write sqlite DATADIR ACTORS | write postgresql CONNECTION ACTORS");
            return 64;
        }

        await WriterProcess.RunAsync(store, connection, int.Parse(actors));
        return 0;
    }
}

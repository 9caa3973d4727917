using System.CommandLine;
using Akka.Actor;
using Akka.Actor.Setup;
using Microsoft.Data.Sqlite;
using Qube.Actors.ReadModel;
using Qube.Storage;
using Qube.Storage.ReadModel;

namespace Qube.Node.Roles;

/// <summary><c>qube rebuild</c>: the list of jobs made anew from the logs, for a farm that is stopped. The new list takes the place of the old when it is whole.</summary>
internal static class RebuildCommand
{
    private const int Refused = 1;
    private const int Usage = 2;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "The farm's folder. No farm may run on it.", DefaultValueFactory = _ => new UpOptions().Data };
        var config = new Option<string?>("--config") { Description = "HOCON file laid over cluster.hocon, as of the farm." };
        var command = new Command("rebuild", "Makes the list of jobs (what queries with filters are answered from) anew from the logs, for a farm that is stopped.") { data, config };
        command.SetAction((parsed, cancel) => Run(new UpOptions { Data = parsed.GetValue(data)!, ConfigFile = parsed.GetValue(config) }, cancel));
        return command;
    }

    private static async Task<int> Run(UpOptions options, CancellationToken cancel)
    {
        try
        {
            if (!Directory.Exists(options.Data))
            {
                throw new ArgumentException($"--data {options.Data}: there is no such folder");
            }

            using var folder = DataFolder.Open(options.Validate().Data);
            var jobs = await Rebuild(options with { Data = folder.Path }, cancel);
            await Console.Out.WriteLineAsync(jobs == 1 ? "1 job is in the list" : $"{jobs} jobs are in the list");
            return 0;
        }
        catch (Exception failure) when (failure is ArgumentException or IOException or InvalidOperationException or SqliteException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"qube rebuild: {failure.Message}; the list is as it was");
            return failure is ArgumentException ? Usage : Refused;
        }
    }

    private static async Task<int> Rebuild(UpOptions options, CancellationToken cancel)
    {
        var old = Path.Combine(options.Data, StorageConfig.ReadModelFile);
        var made = old + ".new";
        Delete(made);
        using var logging = FarmLogging.Create(verbose: false);
        var config = Akka.Configuration.ConfigurationFactory.ParseString(FarmLogging.Hocon + "\nakka.actor.provider = local").WithFallback(SystemConfig.Of(options, SystemConfig.Files(options), new FarmSize(1, [])));
        using var system = ActorSystem.Create("rebuild", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), FarmLogging.Setup(logging)));
        try
        {
            int jobs;
            using (var model = SqliteJobReadModel.Open(made))
            {
                var rebuild = new ReadModelRebuild(async (log, from, most) =>
                    [.. (await LogReader.ReadAsync(system, log, from, long.MaxValue, most, cancel)).Events.Select(entry => new Actors.LogEntry(entry.SequenceNr, entry.Payload))]);
                jobs = await rebuild.Fill(model, Progress, cancel);
            }

            // The old write-ahead log belongs to the old file: beside the new one it would be read as the new one's.
            Delete(old);
            File.Move(made, old);
            return jobs;
        }
        finally
        {
            Delete(made);
            await system.Terminate();
        }
    }

    /// <summary>On a terminal only: a pipe gets the last line alone.</summary>
    private static void Progress(int done, int of)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r{done} of {of}{(done == of ? "\n" : "")}");
        }
    }

    private static void Delete(string file)
    {
        foreach (var suffix in (string[])["-wal", "-shm", ""])
        {
            File.Delete(file + suffix);
        }
    }
}

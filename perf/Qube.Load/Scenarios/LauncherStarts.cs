using System.Collections.Concurrent;
using System.Diagnostics;
using HdrHistogram;
using Qube.Contracts.Launching;
using Qube.Load.Measure;
using Qube.Node.Launcher;

namespace Qube.Load.Scenarios;

/// <summary>The launcher without a farm: one start at a time, asked → started, and → ended; beside what bare posix_spawn takes until the exec.</summary>
internal static class LauncherStarts
{
    public static Scenario Create(LoadOptions options)
    {
        var count = options.Smoke ? 30 : 300;
        var folder = "";
        var (started, ended, spawns, asks) = (Latency.Histogram(), Latency.Histogram(), Latency.Histogram(), Latency.Histogram());
        var next = 0;
        ILauncher launcher = null!;
        var events = new BlockingCollection<(LaunchEvent Event, long At)>();
        string[] environment = [.. Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(variable => $"{variable.Key}={variable.Value}")];

        void Starts(int times, bool counts)
        {
            for (var i = 0; i < times; i++)
            {
                var log = Path.Combine(folder, "log");
                var asked = Stopwatch.GetTimestamp();
                launcher.Start(new LaunchRequest(new LaunchKey(1, next++, 0, 1), 1, new LaunchCommand.ShellLine("/bin/true", null), environment, null, log, log));
                while (true)
                {
                    var (launchEvent, at) = events.Take();
                    if (launchEvent is LaunchEvent.Started && counts)
                    {
                        Latency.Record(started)(at - asked);
                    }
                    else if (launchEvent is LaunchEvent.Ended end)
                    {
                        if (counts)
                        {
                            Latency.Record(ended)(at - asked);
                        }

                        launcher.Forget([end.Key]);
                        break;
                    }
                }
            }
        }

        void Asks()
        {
            for (var i = 0; i < count; i++)
            {
                // Of a process that never was: the answer is a refusal, and nothing but the way there and back.
                var asked = Stopwatch.GetTimestamp();
                launcher.Kill(new LaunchKey(2, i, 0, 1), TimeSpan.Zero);
                Latency.Record(asks)(events.Take().At - asked);
            }
        }

        return new Scenario
        {
            Name = "launcher",
            Title = "the launcher alone, one start at a time",
            Rounds = options.Rounds ?? (options.Smoke ? 1 : 3),
            Init = async () =>
            {
                folder = Directory.CreateTempSubdirectory("qube-load-launcher-").FullName;
                launcher = await LauncherClient.ConnectAsync(
                    new LauncherClientOptions { Folder = folder, ExecutablePath = Path.Combine(AppContext.BaseDirectory, "qube") },
                    launchEvent => events.Add((launchEvent, Stopwatch.GetTimestamp())),
                    CancellationToken.None);
            },
            WarmUp = () => Task.Run(() => Starts(count, counts: false)),
            Steps =
            [
                new("posix_spawn", () => Task.Run(() => SpawnFloor.OneByOne(["/bin/true"], count, Latency.Record(spawns)))),
                new("questions", () => Task.Run(Asks)),
                new("starts", () => Task.Run(() => Starts(count, counts: true))),
            ],
            Judge = () => Task.FromResult<IReadOnlyList<Figure>>(
            [
                Of("launcher: a question and its answer", asks, spawns),
                Of("launcher: asked → started", started, spawns),
                Of("launcher: asked → ended", ended, spawns),
            ]),
            Clean = async () =>
            {
                if (launcher is not null)
                {
                    await launcher.ShutdownAsync(killAll: true);
                    await launcher.DisposeAsync();
                    Directory.Delete(folder, recursive: true);
                }
            },
        };
    }

    private static Figure Of(string name, LongHistogram times, LongHistogram spawns) => new()
    {
        Name = name,
        Value = Latency.Ms(times, 50),
        Unit = "ms",
        Reference = "posix_spawn, until exec",
        ReferenceValue = Latency.Ms(spawns, 50),
        Ratio = Latency.Ms(times, 50) / Latency.Ms(spawns, 50),
        P50 = Latency.Ms(times, 50),
        P99 = Latency.Ms(times, 99),
    };
}

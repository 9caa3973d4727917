using Qube.Contracts.Launching;
using Qube.Node.Launcher;
using Xunit;

namespace Qube.Node.Tests.Launcher;

/// <summary>A client that keeps all it was told.</summary>
internal sealed class LaunchPeer : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly List<LaunchEvent> _events = [];

    public ILauncher Launcher { get; private set; } = null!;

    public static async Task<LaunchPeer> ConnectAsync(LauncherClientOptions options)
    {
        var peer = new LaunchPeer();
        peer.Launcher = await LauncherClient.ConnectAsync(options, peer.Hear, CancellationToken.None);
        return peer;
    }

    public IReadOnlyList<LaunchEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    public LaunchEvent.Snapshot Snapshot => Assert.IsType<LaunchEvent.Snapshot>(Events[0]);

    /// <summary>The first event of this kind that fits.</summary>
    public T Await<T>(Func<T, bool> fits, string what)
        where T : LaunchEvent
    {
        var until = DateTime.UtcNow + Limit;
        lock (_events)
        {
            while (true)
            {
                if (_events.OfType<T>().FirstOrDefault(fits) is { } found)
                {
                    return found;
                }

                var left = until - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || !Monitor.Wait(_events, left))
                {
                    Assert.Fail($"expected {typeof(T).Name} {what}; heard {string.Join("; ", _events)}");
                }
            }
        }
    }

    public LaunchEvent.Started AwaitStarted(LaunchKey key) => Await<LaunchEvent.Started>(e => e.Key == key, $"of {key}");

    public LaunchEvent.Ended AwaitEnded(LaunchKey key) => Await<LaunchEvent.Ended>(e => e.Key == key, $"of {key}");

    public LaunchEvent.Refused AwaitRefused(LaunchKey key) => Await<LaunchEvent.Refused>(e => e.Key == key, $"of {key}");

    public LaunchEvent.Ended Run(LaunchRequest request)
    {
        Launcher.Start(request);
        return AwaitEnded(request.Key);
    }

    public ValueTask DisposeAsync() => Launcher.DisposeAsync();

    private void Hear(LaunchEvent what)
    {
        lock (_events)
        {
            _events.Add(what);
            Monitor.PulseAll(_events);
        }
    }
}

using System.Net;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Contracts.Actions;

namespace Qube.Node.Api;

/// <summary>What the HTTP API is told by the process that serves it.</summary>
public sealed record ApiOptions
{
    /// <summary>Where the readers of event streams live.</summary>
    public required ActorSystem System { get; init; }

    /// <summary>Loopback needs no credentials; any other address is the composition's to guard (design §7).</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0: any free one.</summary>
    public int Port { get; init; } = 50001;

    /// <summary>What is shown to clients; null: HTTP without TLS.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>This supervisor's name, for <c>ping</c>.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <summary>Where job logs are (spec/jobs.md §8.1).</summary>
    public required string LogPath { get; init; }

    /// <summary>Opens the jobs' rows, to be counted for <c>/metrics</c>; null: that shows no counts.</summary>
    public Func<IJobReadModel>? OpenReadModel { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Sends a test mail to an address, or to the administrator; null where there is no mail.</summary>
    public Func<string?, CancellationToken, Task<ActionOutcome>>? TestMail { get; init; }

    /// <summary>Why this supervisor's journal cannot write, for whoever is told that the farm does not answer; null when it can.</summary>
    public Func<Task<string?>>? JournalTrouble { get; init; }

    public SubmissionOptions Submissions { get; init; } = new();

    /// <summary>What callers have to show; null: nothing, and everybody may do everything, which is for loopback alone.</summary>
    internal ApiGuard? Guard { get; init; }

    /// <summary>How long each question to the farm may take. Longer than a failover (seconds): then clients notice none.</summary>
    public TimeSpan AskLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many jobs are asked at once for one request.</summary>
    public int AsksAtOnce { get; init; } = 64;

    /// <summary>Larger requests are refused: ranges need no list, and a list of a million names is 20 MB.</summary>
    public long MaxRequestBytes { get; init; } = 64L << 20;

    /// <summary>At most so many bytes of logs in one answer; the rest is asked for from <c>next</c> on.</summary>
    public long MaxLogBytes { get; init; } = 64L << 20;

    /// <summary>Events that wait for a slow reader of <c>/api/v1/events</c>; one more and it is cut off.</summary>
    public int EventQueueLength { get; init; } = 10_000;

    /// <summary>How often a silent event stream says that it is alive, in seconds.</summary>
    public int EventHeartbeatSeconds { get; init; } = 15;
}

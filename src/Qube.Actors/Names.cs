using System.Globalization;
using Qube.Contracts;

namespace Qube.Actors;

/// <summary>Persistence ids, topics and entity keys: made here and nowhere else.</summary>
public static class Names
{
    public const string Farm = "farm";

    /// <summary>Pub-sub topics of lifecycle events; a source's slice is its id modulo this count.</summary>
    public const int EventSlices = 8;

    public const string RollCallTopic = "roll-call";

    public static string Job(JobId job) => string.Create(CultureInfo.InvariantCulture, $"job-{job.Value}");

    public static string Frame(JobId job, int seq) => string.Create(CultureInfo.InvariantCulture, $"frame-{job.Value}-{seq}");

    public static string Callbacks(JobId job) => string.Create(CultureInfo.InvariantCulture, $"callbacks-{job.Value}");

    /// <summary>The journal of a callback that no job owns.</summary>
    public static string GlobalCallback(int id) => string.Create(CultureInfo.InvariantCulture, $"callbacks-0-{id}");

    public static string ProcessGroup(long pgrp) => string.Create(CultureInfo.InvariantCulture, $"pgrp-{pgrp}");

    public static string Host(string host) => $"host-{host}";

    public static string EventTopic(JobId source) => string.Create(CultureInfo.InvariantCulture, $"events-{(ulong)source.Value % EventSlices}");
}

namespace Qube.Contracts;

/// <summary>The journal of a frame: persistence id <c>frame-&lt;job&gt;-&lt;seq&gt;</c>. Only what the job's log does not say.</summary>
public static class FrameEvents
{
    public sealed record AttemptRecorded
    {
        public int Attempt { get; init; }

        public int Instance { get; init; }

        public string Host { get; init; } = "";

        public int ExitCode { get; init; }

        public string Outcome { get; init; } = "";

        public long StartedMs { get; init; }

        public long EndedMs { get; init; }

        public long UserMs { get; init; }

        public long SystemMs { get; init; }

        public long MaxRssKilobytes { get; init; }

        /// <summary>The item's <c>resultpackage</c> in JSON.</summary>
        public string Result { get; init; } = "";
    }
}

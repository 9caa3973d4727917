using System.Text.Json.Nodes;

namespace Qube.Node.Demo;

/// <summary>One dependency shape of the callbacks page in one language: the jobs to submit together, and the order that must come of it.</summary>
/// <param name="Name">What is shown, <c>frame → frame</c>.</param>
/// <param name="Language"><c>qube</c> or <c>python</c>.</param>
/// <param name="Jobs">The submission; each job's label is its name.</param>
/// <param name="Rule">What must hold, in words.</param>
/// <param name="Holds">Whether it does, given each label's frames.</param>
internal sealed record DemoShape(string Name, string Language, JsonArray Jobs, string Rule, Func<IReadOnlyDictionary<string, DemoFrame[]>, bool> Holds)
{
    private const int Frames = 8;

    /// <summary>The four shapes in both languages.</summary>
    public static IEnumerable<DemoShape> All() => ((string[])["qube", "python"]).SelectMany(language => (DemoShape[])
    [
        new("job → job", language, [Job("A", 0.03), Waiting("B", language, "complete-job-A")], "B starts after A has ended", jobs => Start(jobs["B"]) >= End(jobs["A"])),
        new("frame → frame", language, [Job("A", 0.05), FrameByFrame("B", language, "A")], "each frame of B starts after the same frame of A", EachAfterItsOwn),
        new("A and B", language, [Job("A", 0.02), Job("B", 0.04), Waiting("C", language, "complete-job-A && complete-job-B")], "C starts after A and B have ended", jobs => Start(jobs["C"]) >= Math.Max(End(jobs["A"]), End(jobs["B"]))),
        new("(A and B) or C", language, [Job("A", 0.02), Job("B", 0.03), Job("C", 0.04), Waiting("D", language, "(complete-job-A && complete-job-B) || complete-job-C")], "D starts after A and B, or after C", jobs => Start(jobs["D"]) >= Math.Min(Math.Max(End(jobs["A"]), End(jobs["B"])), End(jobs["C"]))),
    ]);

    private static long Start(DemoFrame[] frames) => frames.Min(frame => frame.StartedMs);

    private static long End(DemoFrame[] frames) => frames.Max(frame => frame.EndedMs);

    private static bool EachAfterItsOwn(IReadOnlyDictionary<string, DemoFrame[]> jobs) =>
        jobs["B"].All(frame => jobs["A"].Single(other => other.Name == frame.Name).EndedMs <= frame.StartedMs);

    private static JsonObject Job(string label, double seconds) => new()
    {
        ["name"] = label,
        ["label"] = label,
        ["prototype"] = "cmdrange",
        ["cpus"] = 2,
        ["package"] = new JsonObject { ["cmdline"] = FormattableString.Invariant($"sleep {seconds}") },
        ["agenda"] = $"1-{Frames}",
    };

    /// <summary>Held until its trigger fires.</summary>
    private static JsonObject Waiting(string label, string language, string trigger)
    {
        var job = Job(label, 0.01);
        job["status"] = "blocked";
        job["callbacks"] = Callback(language, trigger, language == "python" ? "import qb\nqb.unblock(qb.jobid())" : "unblock-self");
        return job;
    }

    private static JsonObject FrameByFrame(string label, string language, string source)
    {
        var job = Job(label, 0.01);
        job["agenda"] = new JsonArray([.. Enumerable.Range(1, Frames).Select(frame => new JsonObject { ["name"] = $"{frame}", ["status"] = "blocked" })]);
        job["status"] = "blocked";
        job["callbacks"] = Callback(
            language,
            $"complete-work-{source}-*",
            language == "python" ? "import qb\nqb.workunblock('%d:%s' % (qb.jobid(), qb.workname()))\nqb.unblock(qb.jobid())" : "unblock-work-self");
        return job;
    }

    private static JsonArray Callback(string language, string trigger, string code) =>
        [new JsonObject { ["triggers"] = trigger, ["language"] = language, ["code"] = code }];
}

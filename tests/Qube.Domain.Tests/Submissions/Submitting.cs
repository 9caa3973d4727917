using System.Collections.Immutable;
using System.Text;
using Qube.Contracts;
using Qube.Domain.Submissions;
using Xunit;

namespace Qube.Domain.Tests.Submissions;

/// <summary>Submissions as a client would send them, with single quotes for double ones.</summary>
internal static class Submitting
{
    public const long FirstId = 300;

    public static SubmissionContext Context { get; } = new() { FirstId = FirstId, LastIssuedId = FirstId - 1, NowMs = 1_700_000_000_000 };

    public static SubmissionReadResult Read(string jobs) =>
        SubmissionReader.Read(Encoding.UTF8.GetBytes($"{{\"requestId\":\"r1\",\"user\":\"ann\",\"jobs\":[{jobs.Replace('\'', '"')}]}}"));

    public static SubmissionOutcome Decide(string jobs, SubmissionContext? context = null)
    {
        var read = Read(jobs);
        return read.IsValid ? SubmissionDecider.Decide(read.Draft, context ?? Context) : new SubmissionOutcome.Refused(read.Error);
    }

    public static SubmissionError Refusal(string jobs, SubmissionContext? context = null) =>
        Decide(jobs, context) is SubmissionOutcome.Refused refused
            ? refused.Error
            : throw new Xunit.Sdk.XunitException("expected a refusal, the submission was accepted");

    public static SubmissionOutcome.Accepted Accepted(string jobs, SubmissionContext? context = null) =>
        Decide(jobs, context) switch
        {
            SubmissionOutcome.Accepted accepted => accepted,
            SubmissionOutcome.Refused refused => throw new Xunit.Sdk.XunitException($"refused: {refused.Error.Message}"),
            _ => throw new InvalidOperationException(),
        };

    public static JobSpec Only(string job, SubmissionContext? context = null) => Assert.Single(Accepted(job, context).Jobs);

    /// <summary>A job that runs a command, with more keys.</summary>
    public static string Job(string keys = "") =>
        "{'prototype':'cmdrange','package':{'cmdline':'true'}" + (keys.Length > 0 ? "," + keys : "") + "}";

    public static string Frames(string range, string keys = "") => Job($"'agenda':{{'range':'{range}'}}" + (keys.Length > 0 ? "," + keys : ""));

    public static SubmissionContext With(params JobMessages.Source[] sources) => Context with
    {
        Sources = sources.ToImmutableDictionary(source => source.JobId.Value),
    };
}

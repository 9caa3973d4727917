using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Unicode;

namespace Qube.Domain.Submissions;

/// <summary>Reads the body of <c>POST /api/v1/jobs</c>. Never throws on any bytes.</summary>
public static class SubmissionReader
{
    /// <summary>What every JSON reader takes by default: so whatever is accepted here can be read again wherever it goes.</summary>
    private const int MaxDepth = 64;

    /// <summary>Reads a submission.</summary>
    /// <param name="json">The request's body, UTF-8.</param>
    public static SubmissionReadResult Read(ReadOnlyMemory<byte> json) => Read(json, null);

    /// <summary>As <see cref="Read(ReadOnlyMemory{byte})"/>, going on after errors.</summary>
    /// <param name="json">The request's body, UTF-8.</param>
    /// <param name="errors">
    /// Takes all that is wrong. The draft then has every job that is a dictionary, with defaults where something was unreadable; there is none
    /// where no jobs could be found at all.
    /// </param>
    internal static SubmissionReadResult Read(ReadOnlyMemory<byte> json, List<SubmissionError>? errors)
    {
        if (!Utf8.IsValid(json.Span))
        {
            return Fail("the submission is not valid UTF-8");
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new() { MaxDepth = MaxDepth });
        }
        catch (JsonException error)
        {
            return Fail($"the submission is not valid JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}: {Reason(error)}");
        }

        using (document)
        {
            return ReadEnvelope(document.RootElement, errors);
        }
    }

    private static SubmissionReadResult ReadEnvelope(JsonElement root, List<SubmissionError>? errors)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return Fail($"the submission is {FieldReader.Shown(root)}, expected a dictionary with jobs");
        }

        var fields = new FieldReader("the submission", null);
        var members = fields.Members(root, "keys");
        var jobs = members.GetValueOrDefault("jobs");
        if (jobs.ValueKind != JsonValueKind.Array)
        {
            fields.Fail("jobs", $"expected a list of jobs, found {FieldReader.Shown(jobs)}");
        }
        else if (jobs.GetArrayLength() == 0)
        {
            fields.Fail("jobs", "there is no job in it");
        }

        var draft = new SubmissionDraft
        {
            RequestId = fields.Text(members.GetValueOrDefault("requestId"), "requestId") ?? "",
            User = fields.Text(members.GetValueOrDefault("user"), "user") ?? "",
            SourceHost = fields.Text(members.GetValueOrDefault("sourceHost"), "sourceHost") ?? "",
            Check = fields.Flag(members.GetValueOrDefault("check"), "check") ?? false,
        };
        return fields.Error is not null ? new(null, fields.Error) : ReadJobs(draft, jobs, errors);
    }

    private static SubmissionReadResult ReadJobs(SubmissionDraft draft, JsonElement jobs, List<SubmissionError>? errors)
    {
        var drafts = ImmutableArray.CreateBuilder<JobDraft>(jobs.GetArrayLength());
        foreach (var job in jobs.EnumerateArray())
        {
            var reader = new JobReader(job, drafts.Count);
            drafts.Add(reader.Error is null ? reader.Read() : new());
            if (reader.Error is not null && errors is null)
            {
                return new(null, reader.Error);
            }

            errors?.AddRange(reader.Errors);
        }

        // One call is one process group (spec/callbacks.md §7): the jobs cannot join several.
        var joining = drafts.Where(job => job.Pgrp > 0).ToList();
        if (joining.Find(job => job.Pgrp != joining[0].Pgrp) is { } odd)
        {
            var message = $"{odd.Title}, pgrp: jobs submitted together are one process group, found {odd.Pgrp} beside {joining[0].Pgrp}";
            if (errors is null)
            {
                return Fail(message, odd.Key, "pgrp");
            }

            errors.Add(new(message, odd.Key, "pgrp"));
        }

        return new(draft with { Jobs = drafts.ToImmutable(), Pgrp = joining.Count > 0 ? joining[0].Pgrp : 0 }, null);
    }

    private static string Reason(JsonException error)
    {
        var tail = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return tail > 0 ? error.Message[..tail] : error.Message;
    }

    private static SubmissionReadResult Fail(string message, string? job = null, string? field = null) => new(null, new(message, job, field));
}

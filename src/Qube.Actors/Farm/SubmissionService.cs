using System.Collections.Concurrent;
using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Domain.Submissions;

namespace Qube.Actors.Farm;

/// <summary>
/// Takes a submission from its bytes to its commit (design §4 step 1). It is decided twice: first on ids that nobody has, so that what is
/// refused costs the farm nothing, then on those that were issued. The same request id gets the same answer, whatever has happened since.
/// </summary>
public sealed partial class SubmissionService(FarmRefs farm, SubmissionOptions options)
{
    /// <summary>Automatic labels of submissions that join one group at the same moment may collide; each round sees those before it.</summary>
    private const int LabelRounds = 5;

    /// <summary>So many restarts in the middle of one submission are enough: then its client is told.</summary>
    private const int IdRounds = 10;

    private static readonly SubmissionError NoneNow = new($"the supervisor takes no submissions now: its mode is {FarmModes.RejectSubmit}");

    /// <summary>The last id that was seen to be issued: the guess of those that come next. 0: none yet.</summary>
    private long lastSeen;

    /// <summary>Submits, or with <c>check</c> in the body says what would be created.</summary>
    /// <param name="body">The body of <c>POST /api/v1/jobs</c>.</param>
    /// <param name="requestId">Instead of the body's own (a call from inside a callback script); null: as the body says.</param>
    /// <param name="sourceHost">Where the request came from, when the body does not say.</param>
    /// <param name="cancel">The client has gone; what is committed stays.</param>
    /// <param name="admit">The draft as whoever sent it may have it; throws where it may not be had. Null: as it came.</param>
    /// <exception cref="FarmAwayException">The farm does not answer now. The same request may be sent again.</exception>
    public async Task<SubmissionAnswer> Submit(ReadOnlyMemory<byte> body, string? requestId, string sourceHost, CancellationToken cancel, Func<SubmissionDraft, Task<SubmissionDraft>>? admit = null)
    {
        var read = SubmissionReader.Read(body);
        if (!read.IsValid)
        {
            return new SubmissionAnswer.Refused(read.Error);
        }

        var draft = read.Draft with { RequestId = FirstOf(requestId, read.Draft.RequestId, Guid.NewGuid().ToString("N")) };
        draft = admit is null ? draft : await admit(draft);
        return await SubmitUnasked(draft, sourceHost, cancel) ?? await SubmitAsked(draft, sourceHost, cancel);
    }

    private static string FirstOf(params string?[] texts) => texts.First(text => !string.IsNullOrEmpty(text))!;

    /// <summary>A submission that names nothing but itself needs no question before its ids: one round trip to the farm less.</summary>
    /// <returns>Null when it is not so simple: not accepted, asked for before, or wanting to know more.</returns>
    private async Task<SubmissionAnswer?> SubmitUnasked(SubmissionDraft draft, string sourceHost, CancellationToken cancel)
    {
        var last = Volatile.Read(ref lastSeen);
        if (last == 0 || draft.Check || draft.Pgrp > 0 || SubmissionReferences.Of(draft, []).Count > 0)
        {
            return null;
        }

        var context = Context(last, sourceHost);
        return SubmissionDecider.Decide(draft, context) is SubmissionOutcome.Accepted guessed
            ? await CommitUnder(draft.RequestId, draft, context, guessed, isUnasked: true, isLast: false, cancel)
            : null;
    }

    private async Task<SubmissionAnswer> SubmitAsked(SubmissionDraft draft, string sourceHost, CancellationToken cancel)
    {
        var last = await farm.Farm.AskFarm<FarmMessages.LastId>(
            new FarmMessages.GetLastId { RequestId = draft.RequestId }, "the farm", options.AskLimit, cancel);
        if (last.RequestPgrp > 0 && await Group(last.RequestPgrp, draft.RequestId, cancel) is { Accepted: { } before })
        {
            return new SubmissionAnswer.Accepted(before.Jobs, before.Warnings, DryRun: false);
        }

        if (last.Modes.Contains(FarmModes.RejectSubmit))
        {
            return new SubmissionAnswer.Refused(NoneNow);
        }

        var context = await Context(draft, last.Value, sourceHost, cancel);
        var decided = SubmissionDecider.Decide(draft, context);
        return decided switch
        {
            SubmissionOutcome.Refused refused => new SubmissionAnswer.Refused(refused.Error),
            SubmissionOutcome.Accepted accepted when draft.Check => new SubmissionAnswer.Accepted(accepted.Jobs, accepted.Warnings, DryRun: true),
            _ => await Commit(draft, context, (SubmissionOutcome.Accepted)decided, cancel),
        };
    }

    /// <summary>A farm that restarts between the ids and the acceptance gives the ids up; the same request then gets others, each time under a name
    /// of its own, so that a repetition finds those again.</summary>
    private async Task<SubmissionAnswer> Commit(SubmissionDraft draft, SubmissionContext context, SubmissionOutcome.Accepted guessed, CancellationToken cancel)
    {
        for (var round = 1; ; round++)
        {
            var name = round == 1 ? draft.RequestId : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{draft.RequestId}#{round}");
            if (await CommitUnder(name, draft, context, guessed, isUnasked: false, isLast: round == IdRounds, cancel) is { } answer)
            {
                return answer;
            }
        }
    }

    /// <returns>Null when the ids under this name were given up, unless it is the last try.</returns>
    private async Task<SubmissionAnswer?> CommitUnder(
        string name, SubmissionDraft draft, SubmissionContext context, SubmissionOutcome.Accepted guessed, bool isUnasked, bool isLast, CancellationToken cancel)
    {
        var issued = await farm.Farm.AskFarm<FarmMessages.IdsIssued>(
            new FarmMessages.IssueIds { RequestId = name, Count = draft.Jobs.Length, Pgrp = draft.Pgrp }, "the farm", options.AskLimit, cancel);
        if (isUnasked && (issued.Again || issued.Count == 0))
        {
            return null;
        }

        if (issued.Count == 0)
        {
            return new SubmissionAnswer.Refused(NoneNow);
        }

        Volatile.Write(ref lastSeen, issued.FirstId + issued.Count - 1);
        if (issued.Count != draft.Jobs.Length)
        {
            return new SubmissionAnswer.Refused(new(
                $"request {draft.RequestId} was made before with {issued.Count} jobs and now has {draft.Jobs.Length}; another submission needs another requestId"));
        }

        // The ids that were guessed are the usual ones: what was decided on them holds, but for where the farm's log stood.
        SubmissionOutcome? known = issued.FirstId != context.FirstId ? null : guessed with
        {
            Jobs = [.. guessed.Jobs.Select(job => job with { FarmCursor = issued.SequenceNr })],
        };
        context = context with { FirstId = issued.FirstId, FarmCursor = issued.SequenceNr };
        for (var round = 1; ; round++)
        {
            var outcome = known ?? SubmissionDecider.Decide(draft, context);
            known = null;
            if (outcome is SubmissionOutcome.Refused late)
            {
                return new SubmissionAnswer.Refused(late.Error);
            }

            var decided = (SubmissionOutcome.Accepted)outcome;
            var accept = new FarmMessages.AcceptSubmission
            {
                Pgrp = issued.Pgrp,
                RequestId = draft.RequestId,
                Jobs = decided.Jobs,
                Warnings = decided.Warnings,
            };
            var answer = await farm.Groups.AskFarm<object>(accept, $"process group {issued.Pgrp}", options.AskLimit, cancel, issued.Pgrp.ToString(System.Globalization.CultureInfo.InvariantCulture));
            switch (answer)
            {
                case FarmMessages.SubmissionAccepted accepted:
                    return new SubmissionAnswer.Accepted(accepted.Jobs, accepted.Warnings, DryRun: false);
                case FarmMessages.SubmissionRefused { Field: "label" } when round < LabelRounds && draft.Pgrp > 0:
                    context = context with { Members = Members(await Group(draft.Pgrp, "", cancel)) };
                    break;
                case FarmMessages.SubmissionRefused { IdsVoided: true } when !isLast:
                    return null;
                case FarmMessages.SubmissionRefused refused:
                    return new SubmissionAnswer.Refused(new(
                        refused.Message, NullIfEmpty(refused.Job), NullIfEmpty(refused.Field), refused.Column > 0 ? refused.Column : null));
                default:
                    throw new FarmAwayException($"process group {issued.Pgrp} answered with {answer.GetType().Name}");
            }
        }
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private async Task<SubmissionContext> Context(SubmissionDraft draft, long lastId, string sourceHost, CancellationToken cancel)
    {
        var members = draft.Pgrp > 0 && draft.Pgrp <= lastId ? Members(await Group(draft.Pgrp, "", cancel)) : [];
        long[] asked = [.. SubmissionReferences.Of(draft, members).Where(id => id <= lastId)];
        if (asked.Length == 0)
        {
            return Context(lastId, sourceHost) with { Members = members };
        }

        var sources = new ConcurrentDictionary<long, JobMessages.Source>();
        await Parallel.ForEachAsync(
            asked,
            new ParallelOptions { MaxDegreeOfParallelism = options.AsksAtOnce, CancellationToken = cancel },
            async (id, cancelled) => sources[id] = await farm.Jobs.AskFarm<JobMessages.Source>(
                new JobMessages.GetSource { JobId = new(id) }, $"job {id}", options.AskLimit, cancelled));
        return Context(lastId, sourceHost) with { Members = members, Sources = sources.ToImmutableDictionary() };
    }

    /// <summary>Of a submission that names nothing but itself.</summary>
    private SubmissionContext Context(long lastId, string sourceHost) => new()
    {
        FirstId = lastId + 1,
        LastIssuedId = lastId,
        EnabledLanguages = options.EnabledLanguages,
        Defaults = options.Defaults,
        Universal = options.Universal(),
        NowMs = options.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        SourceHost = sourceHost,
    };

    private Task<FarmMessages.ProcessGroup> Group(long pgrp, string requestId, CancellationToken cancel) =>
        farm.Groups.AskFarm<FarmMessages.ProcessGroup>(
            new FarmMessages.GetProcessGroup { Pgrp = pgrp, RequestId = requestId }, $"process group {pgrp}", options.AskLimit, cancel);

    private static ImmutableArray<GroupMember> Members(FarmMessages.ProcessGroup group) =>
        [.. group.JobIds.Zip(group.Labels, (id, label) => new GroupMember(id, label))];
}

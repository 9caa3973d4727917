using System.Globalization;
using System.Text.Json;
using Qube.Actors;
using Qube.Actors.Callbacks;
using Qube.Actors.Farm;
using Qube.Contracts;
using Qube.Domain.Security;

namespace Qube.Node.Api;

/// <summary>The ledger: what callbacks did, and doing it again.</summary>
internal static class LedgerEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        api.MapGet("/jobs/{id:long}/firings", (long id, int? callback, string? state, string? firing, long? before, int? limit, HttpContext context) =>
                Firings(id, callback, state, firing, before, limit, farm, options, context.RequestAborted))
            .WithName("firings")
            .WithSummary("What the callbacks of a job did, newest first: cause, attempts, outcome. By callback, by state (comma list), or one by its id.")
            .Produces<FiringsAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status404NotFound);
        var access = new Access(farm, options);
        api.MapPost("/refire", (RefireRequest request, HttpContext context) => Refire(request, context, access, farm, options))
            .WithName("refire")
            .WithSummary("Does the actions of firings once more: a new attempt, and who had it done, in the ledger.")
            .Produces<RefireAnswer>()
            .Produces<ApiErrors.ErrorBody>(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> Firings(
        long id, int? callback, string? state, string? firing, long? before, int? limit, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var wanted = Math.Clamp(limit ?? DefaultLimit, 1, MaxLimit);
        var states = States(state);
        var rows = new List<FiringEntry>();
        var next = before ?? 0;
        do
        {
            // In pages of the size of a message.
            var answer = await farm.Jobs.AskFarm<LedgerMessages.Firings>(
                new LedgerMessages.GetFirings
                {
                    JobId = new(id),
                    Callback = callback ?? 0,
                    States = states,
                    Firing = firing ?? "",
                    Before = next,
                    Limit = wanted - rows.Count,
                },
                $"job {id}",
                options.AskLimit,
                cancel);
            if (!answer.Exists)
            {
                return ApiErrors.NotFound($"there is no job {id}");
            }

            if (answer.Error.Length > 0)
            {
                throw new FarmAwayException(answer.Error);
            }

            rows.AddRange(answer.Rows.Select(row => Entry(id, row)));
            next = answer.Next;
        }
        while (next > 0 && rows.Count < wanted);

        return Results.Json(new FiringsAnswer(rows, next), ApiJson.Readable.FiringsAnswer);
    }

    private static FiringState[] States(string? text) =>
    [
        .. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(word => FiringStates.Read(word)
            ?? throw new ApiRefusedException($"'{word}' is no state of a firing; known are {string.Join(", ", Enum.GetValues<FiringState>().Select(FiringStates.Word))}")),
    ];

    private static async Task<IResult> Refire(RefireRequest request, HttpContext context, Access access, FarmRefs farm, ApiOptions options)
    {
        var caller = await access.Of(context, request.User);
        var owners = caller.Over(Permissions.Modify);
        var requestId = ApiEndpoints.RequestId(context.Request, request.RequestId);
        var done = new List<RefiredFiring>();
        var errors = new List<string>();
        foreach (var firing in request.Firings ?? [])
        {
            if (!owners.IsAnybody && !await IsOneOf(owners, JobOf(firing), farm, options, context.RequestAborted))
            {
                errors.Add($"{firing}: {caller.User} has no permission to fire callbacks of that job again");
                continue;
            }

            var answer = await farm.Jobs.AskFarm<LedgerMessages.FiringRefired>(
                new LedgerMessages.Refire { JobId = new(JobOf(firing)), Firing = firing, User = caller.User, RequestId = $"{requestId}/{firing}" },
                $"job {JobOf(firing)}",
                options.AskLimit,
                context.RequestAborted);
            if (answer.Error.Length > 0)
            {
                errors.Add(answer.Error);
            }
            else
            {
                done.Add(new(answer.Firing, answer.Attempt));
            }
        }

        return errors.Count > 0 && done.Count == 0
            ? ApiErrors.Refused(string.Join("; ", errors))
            : Results.Json(new RefireAnswer([.. done], errors.Count > 0 ? [.. errors] : null), ApiJson.Readable.RefireAnswer);
    }

    /// <summary>Whose a job is never changes: what is asked first still holds.</summary>
    private static async Task<bool> IsOneOf(JobOwners owners, long job, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var reply = await farm.Jobs.AskFarm<JobMessages.JobReply>(new JobMessages.GetJob { JobId = new(job) }, $"job {job}", options.AskLimit, cancel);
        if (!reply.Exists)
        {
            return false;
        }

        using var json = JsonDocument.Parse(reply.Json);
        return owners.Holds(json.RootElement.GetProperty("user").GetString() ?? "");
    }

    /// <summary>A firing's id begins with the job that owns the callback.</summary>
    private static long JobOf(string firing) =>
        firing.IndexOf('/', StringComparison.Ordinal) is > 0 and var end
        && long.TryParse(firing.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out var job) && job > 0
            ? job
            : throw new ApiRefusedException($"'{firing}' is no firing: they look like 12/3/11/4/0, see 'qube callbacks JOB'");

    private static FiringEntry Entry(long job, LedgerMessages.FiringRow row) => new(
        row.Id,
        row.Order,
        job,
        row.Callback,
        row.Language,
        row.Code,
        row.User,
        FiringStates.Word(row.State),
        row.Outcome,
        row.AtMs / 1000.0,
        new(row.Event, row.Log, row.SequenceNr, row.Ordinal, row.Depth),
        [.. row.Attempts.Select((attempt, at) => Attempt(attempt, isLast: at == row.Attempts.Length - 1))],
        [.. row.Leaves.Select(leaf => new FiringLeaf(leaf.Ordinal, leaf.Pattern, leaf.AtMs / 1000.0, leaf.Log, leaf.SequenceNr, leaf.Item))]);

    private static FiringAttempt Attempt(LedgerMessages.AttemptRow attempt, bool isLast) => new(
        attempt.Number,
        attempt.StartedMs > 0 ? attempt.StartedMs / 1000.0 : null,
        attempt.EndedMs > 0 ? attempt.EndedMs / 1000.0 : null,
        attempt.EndedMs == 0 ? (isLast ? "running" : "cut off") : attempt.End switch
        {
            FiringEnd.Failed => "failed",
            FiringEnd.Dead => "dead",
            FiringEnd.Retrying => "retrying",
            _ => "done",
        },
        attempt.Outcome,
        attempt.Node,
        attempt.User,
        attempt.IsAgain,
        attempt.OutputBytes > 0 ? new(attempt.OutputOffset, attempt.OutputBytes) : null);
}

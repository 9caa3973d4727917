using System.Globalization;
using System.Text.Json;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;

namespace Qube.Node.Api;

/// <summary>History and logs.</summary>
internal static class ReadingEndpoints
{
    private static readonly JsonElement NoItem = JsonSerializer.SerializeToElement(-1);

    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options)
    {
        api.MapPost("/hist", (IdsRequest request, HttpContext context) => History(request, farm, options, context.RequestAborted))
            .WithName("history")
            .WithSummary("History of jobs (12), of an instance (12.0) or of an item (12:5).")
            .Produces<HistoryAnswer>();
        api.MapPost("/logs", (LogsRequest request) => Logs(request, options))
            .WithName("logs")
            .WithSummary("What instances wrote (stream out or err), or what callbacks did (cb).")
            .Produces<LogsAnswer>();
    }

    private static async Task<IResult> History(IdsRequest request, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var history = new List<HistoryEntry>();
        foreach (var id in TargetId.ParseAll(request.Ids))
        {
            var reply = await farm.Jobs.AskFarm<JobMessages.HistoryReply>(
                new JobMessages.GetHistory { JobId = new(id.Job) }, $"job {id.Job}", options.AskLimit, cancel);
            history.AddRange(reply.Lines.Where(line => IsOf(line, id)).Select(line => Entry(id.Job, line)));
        }

        return Results.Json(new HistoryAnswer(history), ApiJson.Readable.HistoryAnswer);
    }

    internal static bool IsOf(HistoryLine line, TargetId id) =>
        (id.Instance is null || line.Instance == id.Instance) && (string.IsNullOrEmpty(id.Item) || line.Item == id.Item);

    internal static HistoryEntry Entry(long job, HistoryLine line) => new(
        job,
        line.Instance,
        line.Item.Length > 0 ? JsonSerializer.SerializeToElement(line.Item) : NoItem,
        line.AtMs / 1000,
        DateTimeOffset.FromUnixTimeMilliseconds(line.AtMs).ToString("MMM d, yyyy HH:mm:ss", CultureInfo.InvariantCulture),
        line.Comment,
        line.User);

    private static async Task<IResult> Logs(LogsRequest request, ApiOptions options)
    {
        var stream = (request.Stream ?? "out").ToLowerInvariant();
        if (stream is not ("out" or "err" or "cb"))
        {
            throw new ApiRefusedException($"'{request.Stream}' is no stream; known are out, err and cb");
        }

        var files = new LogFiles(options.LogPath, options.MaxLogBytes);
        var logs = new List<LogEntry>();
        foreach (var id in TargetId.ParseAll(request.Ids))
        {
            logs.AddRange(await files.Read(id, stream, request.Pos ?? 0, request.Len ?? -1));
        }

        return Results.Json(new LogsAnswer(logs), ApiJson.Readable.LogsAnswer);
    }
}

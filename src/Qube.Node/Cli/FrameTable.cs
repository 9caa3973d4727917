using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>Items of jobs, or instances where a job has no items. Their ids are what other commands take.</summary>
internal static class FrameTable
{
    public static Listing Of(IEnumerable<JsonElement> jobs, bool terminal, long nowMs, TimeZoneInfo zone)
    {
        Column[] columns =
        [
            new("ID", LeastWidth: 12), new("STATUS"), new("HOST", LeastWidth: 6), new("INSTANCE", IsRight: true, Rank: 3), new("STARTED", Rank: 1), new("ELAPSED", IsRight: true),
            new("TRIES", IsRight: true, Rank: 2), new("EXIT", IsRight: true),
        ];
        return new(columns, [.. jobs.SelectMany(job => RowsOf(job, terminal, nowMs, zone))]);
    }

    private static IEnumerable<Cell[]> RowsOf(JsonElement job, bool terminal, long nowMs, TimeZoneInfo zone) => job.Int("todo") > 0
        ? job.List("agenda").Select(item => Row($"{job.Text("id")}:{item.Text("name")}", item, item.Int("subid"), terminal, nowMs, zone))
        : job.List("subjobs").Select(instance => Row($"{job.Text("id")}.{instance.Text("id")}", instance, -1, terminal, nowMs, zone));

    private static Cell[] Row(string id, JsonElement part, int instance, bool terminal, long nowMs, TimeZoneInfo zone)
    {
        var status = part.Text("status");
        var isDone = StatusLook.IsDone(status);
        var started = part.Long("timestart");
        return
        [
            id,
            Cell.OfStatus(status, terminal),
            part.Text("host"),
            instance < 0 ? "" : instance.ToString(CultureInfo.InvariantCulture),
            terminal ? ElapsedText.ShortMoment(started, nowMs / 1000, zone) : ElapsedText.Moment(started, zone),
            Elapsed(part, status, nowMs),
            part.Int("count") > 0 ? part.Text("count") : "",
            isDone && started > ElapsedText.NeverSeconds ? new Cell(part.Text("exitcode"), part.Int("exitcode") == 0 ? Tone.Plain : Tone.Failed) : "",
        ];
    }

    private static string Elapsed(JsonElement part, string status, long nowMs)
    {
        if (!StatusLook.IsDone(status) && status is not ("running" or "dying"))
        {
            return "";
        }

        var (startedMs, endedMs) = (part.Long("timestart_ms"), part.Long("timecomplete_ms"));
        if (startedMs <= 0)
        {
            return ElapsedText.Between(part.Long("timestart"), part.Long("timecomplete"), StatusLook.IsDone(status), nowMs / 1000);
        }

        return !StatusLook.IsDone(status) ? ElapsedText.OfMilliseconds(nowMs - startedMs)
            : endedMs > 0 ? ElapsedText.OfMilliseconds(endedMs - startedMs)
            : "";
    }
}

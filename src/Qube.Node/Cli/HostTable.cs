using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>The list of render hosts.</summary>
internal static class HostTable
{
    private const int BarWidth = 10;

    public static Listing Of(IReadOnlyList<JsonElement> hosts, bool terminal, long now, TimeZoneInfo zone)
    {
        Column[] columns =
        [
            new("NAME", LeastWidth: 8), new("STATE"), new("SLOTS", IsRight: !terminal), new("CLUSTER", LeastWidth: 7, Rank: 3), new("GROUPS", LeastWidth: 6, Rank: 4),
            new("ADDRESS", Rank: 5), new("SEEN", Rank: 2), new("JOBTYPES", LeastWidth: 8, Rank: 6), new("RUNNING", LeastWidth: 8), new("LOCKS", LeastWidth: 8, Rank: 1),
        ];
        var rows = hosts.Select(host => (Cell[])
        [
            host.Text("name"),
            State(host, terminal),
            terminal ? Slots(host) : $"{host.Int("slotsused")}/{host.Int("slots")}",
            host.Text("cluster"),
            host.Text("groups"),
            host.Text("address"),
            terminal ? ElapsedText.ShortMoment(host.Long("lastupdate"), now, zone) : ElapsedText.Moment(host.Long("lastupdate"), zone),
            host.Text("jobtypes"),
            string.Join(' ', host.List("subjobs").Select(instance => $"{instance.Text("pid")}.{instance.Text("id")}")),
            host.Text("locks"),
        ]).ToList();
        if (!terminal)
        {
            return new(columns, rows);
        }

        // A column that says nothing takes room from those that do.
        int[] kept = [.. Enumerable.Range(0, columns.Length).Where(at => at < 3 || rows.Any(row => row[at].Text.Length > 0))];
        return new([.. kept.Select(at => columns[at])], [.. rows.Select(row => (Cell[])[.. kept.Select(at => row[at])])]);
    }

    private static Cell State(JsonElement host, bool terminal)
    {
        var state = host.Text("state");
        var isLocked = host.Text("locks").Length > 0;
        var (glyph, tone) = state switch
        {
            "active" when isLocked => ("◐", Tone.Pending),
            "active" => ("●", Tone.Running),
            "down" or "panic" => ("✘", Tone.Failed),
            _ => ("○", Tone.Pending),
        };
        return new(terminal ? $"{glyph} {state}" : state, tone);
    }

    private static Cell Slots(JsonElement host)
    {
        var (used, slots) = (host.Int("slotsused"), host.Int("slots"));
        var (_, _, running, rest) = ProgressBar.Cells(Math.Min(BarWidth, Math.Max(1, slots)), new(0, 0, used, slots));
        return new Cell((CellSpan[])
        [
            new(new string('▒', running), Tone.Running),
            new(new string('░', rest), Tone.Dim),
            new(string.Create(CultureInfo.InvariantCulture, $" {used}/{slots}"), Tone.Plain),
        ]);
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Qube.Node.Cli;

/// <summary>callbacks without a job: the callbacks that no job owns (spec/callbacks.md §15), listed and removed.</summary>
internal static class GlobalCallbackList
{
    private static readonly Column[] Columns =
    [
        new("ID", IsRight: true),
        new("LANGUAGE"),
        new("FIRED", IsRight: true),
        new("MAX", IsRight: true),
        new("USER", Rank: 1),
        new("TRIGGERS", LeastWidth: 16),
        new("READY", Rank: 2),
    ];

    public static async Task<int> Run(ClientSession session, ParseResult parsed, string? remove, bool json, CancellationToken cancel)
    {
        using var supervisor = session.Connect(parsed);
        if (!string.IsNullOrEmpty(remove))
        {
            return await Remove(session, supervisor, Ids(remove), cancel);
        }

        var callbacks = (await supervisor.Get("api/v1/callbacks", cancel)).List("callbacks").ToList();
        if (json)
        {
            JsonListing.Write(session.Environment.Output, callbacks);
        }
        else if (callbacks.Count > 0)
        {
            new Listing(Columns, [.. callbacks.Select(Row)]).Show(session.Environment);
        }
        else
        {
            session.Say("there are no callbacks that no job owns");
        }

        return CliExit.Ok;
    }

    private static Cell[] Row(JsonElement callback) =>
    [
        callback.Text("id"),
        callback.Text("language"),
        callback.Text("count"),
        callback.Int("max") < 0 ? "-" : callback.Text("max"),
        callback.Text("user"),
        callback.Text("triggers"),
        callback.Text("ready"),
    ];

    private static async Task<int> Remove(ClientSession session, SupervisorClient supervisor, int[] ids, CancellationToken cancel)
    {
        var answer = await supervisor.Post(
            "api/v1/callbacks/remove",
            body =>
            {
                body.WriteString("user", session.Environment.User);
                body.WriteStartArray("ids");
                foreach (var id in ids)
                {
                    body.WriteNumberValue(id);
                }

                body.WriteEndArray();
            },
            cancel);
        string[] removed = [.. answer.Texts("affected")];
        foreach (var id in removed)
        {
            await session.Environment.Output.WriteLineAsync(CellText.OneLine(id));
        }

        foreach (var id in ids.Where(id => !removed.Contains(id.ToString(CultureInfo.InvariantCulture))))
        {
            session.Say($"qube callbacks: there is no callback {id.ToString(CultureInfo.InvariantCulture)} that no job owns");
        }

        return removed.Length == ids.Length ? CliExit.Ok : CliExit.Refused;
    }

    private static int[] Ids(string list) =>
    [
        .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw CliFailure.Usage($"--remove: '{text}' is no number of a callback")).Distinct(),
    ];
}

using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Qube.Actors;

namespace Qube.Node.Api;

/// <summary>
/// Lifecycle events as they are committed, as server-sent events. An event's id is its cause (source, sequence number, ordinal), so a reader
/// sees any gap; one that reads too slowly is cut off rather than kept in memory.
/// </summary>
internal static class EventEndpoint
{
    public static void Map(RouteGroupBuilder api, FarmRefs farm, ApiOptions options) =>
        api.MapGet("/events", (HttpContext context, CancellationToken cancel) => Stream(context, farm, options, cancel))
            .WithName("events")
            .WithSummary("Server-sent lifecycle events; ?job=12 (repeatable) and ?pgrp=12 choose, none is all.")
            .Produces(StatusCodes.Status200OK, contentType: "text/event-stream");

    private static async Task Stream(HttpContext context, FarmRefs farm, ApiOptions options, CancellationToken cancel)
    {
        var wanted = new EventFilter(Ids(context, "job"), Ids(context, "pgrp"));
        var queue = Channel.CreateBounded<string>(new BoundedChannelOptions(options.EventQueueLength) { SingleReader = true, SingleWriter = true });
        var feed = options.System.ActorOf(EventFeedActor.Props(farm, wanted, queue.Writer));
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await Write(context, ": events of the farm\n\n");
            await Copy(context, queue.Reader, TimeSpan.FromSeconds(options.EventHeartbeatSeconds), cancel);
        }
        finally
        {
            options.System.Stop(feed);
        }
    }

    private static async Task Copy(HttpContext context, ChannelReader<string> events, TimeSpan heartbeat, CancellationToken cancel)
    {
        var ready = events.WaitToReadAsync(cancel).AsTask();
        while (true)
        {
            if (await Task.WhenAny(ready, Task.Delay(heartbeat, cancel)) != ready)
            {
                await Write(context, ": alive\n\n");
                continue;
            }

            if (!await ready)
            {
                return;
            }

            var text = new StringBuilder();
            while (text.Length < 1 << 16 && events.TryRead(out var one))
            {
                text.Append(one);
            }

            await Write(context, text.ToString());
            ready = events.WaitToReadAsync(cancel).AsTask();
        }
    }

    private static async Task Write(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static long[] Ids(HttpContext context, string name) =>
    [
        .. context.Request.Query[name].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(text =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
                ? id
                : throw new ApiRefusedException($"'{text}' is no id of a {name}")),
    ];
}

using Akka.Actor;
using Qube.Contracts;
using Xunit;
using Status = Qube.Contracts.Status;

namespace Qube.Node.Tests.Api;

public sealed class EventStreamTests : IAsyncLifetime
{
    private readonly ServedFarm _farm = new()
    {
        Options = options => options with { EventQueueLength = 50 },
        Answers = message => message is JobMessages.GetSource get
            ? new JobMessages.Source
            {
                JobId = get.JobId,
                Exists = true,
                Pgrp = get.JobId.Value == 13 ? 99 : 12,
                Label = "render",
                Agenda = new() { Parts = [new() { Kind = AgendaPart.FramesKind, First = 101, Last = 110, Step = 1 }] },
            }
            : null,
    };

    public Task InitializeAsync() => _farm.InitializeAsync();

    public Task DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task Should_name_items_and_cause_when_a_job_commits()
    {
        using var reader = await Open("?job=12");
        var (subscribed, feed) = await _farm.WaitFor<BusMessages.Subscribe>();
        Assert.Equal([12L], subscribed.Sources);

        feed.Tell(Ended(12, 4, 5));

        Assert.Equal("id: job-12/4/0", await Next(reader));
        Assert.Equal(
            "data: {\"source\":\"job-12\",\"seq\":4,\"event\":\"complete-work\",\"job\":12,\"pgrp\":12,\"label\":\"render\",\"item\":\"106\",\"items\":null,\"instance\":null,\"time\":1700000000.5}",
            await Next(reader));
        Assert.Equal("id: job-12/4/1", await Next(reader));
        Assert.Contains("\"event\":\"done-work\"", await Next(reader), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_tell_many_items_as_one_range_when_they_change_together()
    {
        using var reader = await Open("");
        var (subscribed, feed) = await _farm.WaitFor<BusMessages.Subscribe>();
        Assert.Equal([EventSources.Every], subscribed.Sources);

        feed.Tell(new BusMessages.Envelope
        {
            Source = new(12),
            SequenceNr = 2,
            Batch = new() { Transitions = [new() { Kind = TransitionKind.ItemsSet, Status = Status.Blocked, Items = [0, 4, 6, 6] }] },
        });

        await Next(reader);
        Assert.Contains("\"item\":null,\"items\":\"101-105,107\"", await Next(reader), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_leave_out_other_groups_when_one_is_asked_for()
    {
        using var reader = await Open("?pgrp=12");
        var (_, feed) = await _farm.WaitFor<BusMessages.Subscribe>();

        feed.Tell(Ended(13, 1, 0));
        feed.Tell(Ended(14, 7, 0));

        Assert.Equal("id: job-14/7/0", await Next(reader));
    }

    [Fact]
    public async Task Should_cut_a_reader_off_when_it_does_not_keep_up()
    {
        using var reader = await Open("");
        var (_, feed) = await _farm.WaitFor<BusMessages.Subscribe>();

        // One commit with more events than may wait: the stream ends instead of growing.
        feed.Tell(new BusMessages.Envelope
        {
            Source = new(12),
            SequenceNr = 1,
            Batch = new() { Transitions = [.. Enumerable.Range(0, 100_000).Select(_ => new Transition { Kind = TransitionKind.Modified })] },
        });

        var lines = 0;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await reader.ReadLineAsync(limit.Token) is not null)
        {
            lines++;
        }

        Assert.True(lines < 300_000, $"all {lines} lines came");
    }

    [Fact]
    public async Task Should_refuse_a_stream_when_a_job_is_no_number()
    {
        using var response = await _farm.Client.GetAsync(new Uri("/api/v1/events?job=x", UriKind.Relative));

        Assert.Contains("'x' is no id of a job", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static BusMessages.Envelope Ended(long job, long sequence, int seq) => new()
    {
        Source = new(job),
        SequenceNr = sequence,
        Batch = new()
        {
            AtMs = 1_700_000_000_500,
            Transitions = [new() { Kind = TransitionKind.ItemEnded, Seq = seq, Status = Status.Complete }],
        },
    };

    private static async Task<string> Next(StreamReader reader)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length > 0 && line[0] != ':')
            {
                return line;
            }
        }

        return "(the stream ended)";
    }

    private async Task<StreamReader> Open(string query)
    {
        var response = await _farm.Client.GetAsync(new Uri("/api/v1/events" + query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }
}

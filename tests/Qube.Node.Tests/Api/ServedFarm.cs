using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Qube.Actors;
using Qube.Contracts;
using Qube.Node.Api;
using Xunit;

namespace Qube.Node.Tests.Api;

/// <summary>The API on a real socket, with a farm behind it that says what the test lets it say.</summary>
public sealed class ServedFarm : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly ConcurrentQueue<(object Message, IActorRef Sender)> _heard = new();
    private readonly ActorSystem _system = ActorSystem.Create("api-" + Guid.NewGuid().ToString("N"));
    private WebApplication? _app;

    /// <summary>An answer that is none.</summary>
    internal static object Silence { get; } = new();

    /// <summary>Answers of a test; null where the usual one is meant.</summary>
    internal Func<object, object?> Answers { get; set; } = _ => null;

    internal Func<ApiOptions, ApiOptions> Options { get; init; } = options => options;

    internal string LogPath { get; } = Path.Combine(Path.GetTempPath(), "qube-api-" + Guid.NewGuid().ToString("N"));

    internal HttpClient Client { get; private set; } = new();

    internal IEnumerable<T> Heard<T>() => _heard.Select(entry => entry.Message).OfType<T>();

    public Task InitializeAsync() => StartAsync();

    internal async Task<ServedFarm> StartAsync()
    {
        var peer = _system.ActorOf(Props.Create(() => new FarmPeer(_heard, Reply)));
        var options = Options(new ApiOptions { System = _system, LogPath = LogPath, Port = 0, AskLimit = Limit });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        ApiEndpoints.Configure(builder, options);
        _app = builder.Build();
        ApiEndpoints.Map(_app, new FarmRefs(peer, peer, peer, peer, peer, peer, peer, peer), options);
        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new Uri(address), Timeout = Limit };
        return this;
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
            await _app.DisposeAsync();
        }

        await _system.Terminate();
        if (Directory.Exists(LogPath))
        {
            Directory.Delete(LogPath, recursive: true);
        }
    }

    internal async Task<(HttpStatusCode Status, JsonElement Body)> Post(string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json.Replace('\'', '"'), Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await Client.SendAsync(request);
        return (response.StatusCode, Parse(await response.Content.ReadAsStringAsync()));
    }

    internal async Task<JsonElement> PostOk(string path, string json, params (string Name, string Value)[] headers)
    {
        var (status, body) = await Post(path, json, headers);
        Assert.True(status == HttpStatusCode.OK, $"{path} answered {(int)status}: {body}");
        return body;
    }

    internal async Task<(HttpStatusCode Status, JsonElement Error)> PostError(string path, string json)
    {
        var (status, body) = await Post(path, json);
        Assert.True(body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out _), $"{path} answered {(int)status} without an error: {body}");
        return (status, body.GetProperty("error"));
    }

    /// <summary>Waits until the peer heard a message of that type, and answers with who sent it.</summary>
    internal async Task<(T Message, IActorRef Sender)> WaitFor<T>()
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            foreach (var (message, sender) in _heard)
            {
                if (message is T wanted)
                {
                    return (wanted, sender);
                }
            }

            Assert.False(limit.IsCancellationRequested, $"expected a {typeof(T).Name} within {Limit}, heard {string.Join(", ", _heard.Select(entry => entry.Message))}");
            await Task.Yield();
        }
    }

    private object? Reply(object message)
    {
        var answer = Answers(message) ?? Usual(message);
        return answer == Silence ? null : answer;
    }

    /// <summary>What a farm that last issued id 299 says.</summary>
    private static object? Usual(object message) => message switch
    {
        FarmMessages.GetLastId => new FarmMessages.LastId { Value = 299 },
        FarmMessages.IssueIds issue => new FarmMessages.IdsIssued
        {
            RequestId = issue.RequestId,
            FirstId = 300,
            Count = issue.Count,
            Pgrp = issue.Pgrp > 0 ? issue.Pgrp : 300,
        },
        FarmMessages.GetProcessGroup group => new FarmMessages.ProcessGroup { Pgrp = group.Pgrp },
        FarmMessages.AcceptSubmission accept => new FarmMessages.SubmissionAccepted { Pgrp = accept.Pgrp, Jobs = accept.Jobs, Warnings = accept.Warnings },
        JobMessages.GetSource get => new JobMessages.Source { JobId = get.JobId },
        JobMessages.GetJob get => new JobMessages.JobReply { JobId = get.JobId },
        HostMessages.GetHosts => new HostMessages.Hosts(),
        _ => null,
    };

    private static JsonElement Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}

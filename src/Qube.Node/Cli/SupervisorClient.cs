using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Qube.Node.Security;

namespace Qube.Node.Cli;

/// <summary>Talks to one supervisor's HTTP API. Every request that changes something carries its own id, so sending it again changes nothing twice.</summary>
internal sealed class SupervisorClient : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>Longer than the farm takes to give up asking its parts.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;
    private readonly CliEnvironment _environment;

    public SupervisorClient(Uri address, string? token, X509Certificate2Collection? authorities, CliEnvironment environment)
    {
        _environment = environment;
        // A farm's own network: a proxy for the web is in the way there.
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = ConnectLimit };
        if (authorities is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = TlsFiles.ClientOf(authorities);
        }

        _http = new(handler) { BaseAddress = address, Timeout = AnswerLimit };
        if (!string.IsNullOrWhiteSpace(token))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Trim());
        }
    }

    public string Name => _http.BaseAddress!.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public void Dispose() => _http.Dispose();

    public Task<JsonElement> Get(string path, CancellationToken cancel) => Send(HttpMethod.Get, path, null, cancel);

    public Task<JsonElement> Post(string path, Action<Utf8JsonWriter> body, CancellationToken cancel)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        return Send(HttpMethod.Post, path, stream.ToArray(), cancel);
    }

    /// <summary>As <see cref="Post"/>, for a command that already waits: a supervisor that restarts meanwhile is waited for too.</summary>
    public async Task<JsonElement> PostPatiently(string path, Action<Utf8JsonWriter> body, CancellationToken cancel)
    {
        var began = _environment.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await Post(path, body, cancel);
            }
            catch (CliFailure away) when (away.ExitCode == CliExit.Away && _environment.Time.GetElapsedTime(began) < _environment.Patience)
            {
                await Task.Delay(_environment.PollInterval, _environment.Time, cancel);
            }
        }
    }

    private async Task<JsonElement> Send(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        var began = _environment.Time.GetTimestamp();
        var pause = TimeSpan.FromMilliseconds(100);
        while (true)
        {
            var (status, text) = await Exchange(method, path, body, cancel);
            if (status != HttpStatusCode.ServiceUnavailable)
            {
                return Answer(status, text);
            }

            if (_environment.Time.GetElapsedTime(began) + pause > _environment.Patience)
            {
                throw CliFailure.Away($"supervisor {Name}: {(Parse(text) is { } answer ? ApiErrorText.Of(answer) : null) ?? "it is not ready"}");
            }

            await Task.Delay(pause, _environment.Time, cancel);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, TimeSpan.TicksPerSecond));
        }
    }

    private async Task<(HttpStatusCode Status, byte[] Text)> Exchange(HttpMethod method, string path, byte[]? body, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            using var response = await _http.SendAsync(request, cancel);
            return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancel));
        }
        catch (HttpRequestException failure)
        {
            throw CliFailure.Away($"supervisor {Name} cannot be reached: {(failure.InnerException as AuthenticationException)?.Message ?? failure.Message}");
        }
        catch (TaskCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw CliFailure.Away($"supervisor {Name} did not answer within {AnswerLimit.TotalSeconds} seconds");
        }
    }

    private JsonElement Answer(HttpStatusCode status, byte[] text)
    {
        var answer = Parse(text);
        if ((int)status is >= 200 and < 300)
        {
            return answer ?? throw CliFailure.Away($"{Name} answered with something that is not JSON: is it a supervisor?");
        }

        throw CliFailure.Refused((answer is { } error ? ApiErrorText.Of(error) : null) ?? $"supervisor {Name} answered with HTTP {(int)status}");
    }

    private static JsonElement? Parse(byte[] text)
    {
        try
        {
            // Not cloned: a list of a million items need not be held twice, and there is nothing to give back to a pool at the end of a command.
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Qube.Actions.External;
using Qube.Contracts.Actions;

namespace Qube.Actions.Webhooks;

/// <summary>Posts events. A redirection is not followed: whoever owns the first address does not decide where the farm's events go.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int ShownLength = 200;

    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    public WebhookSender(WebhookOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        // A connection is not kept for ever: names move to other addresses.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) };
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 1 << 16 };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Qube.Actors", "1"));
    }

    public WebhookDelivery Prepare(ActionRun run)
    {
        byte[] body = CloudEvent.Of(run);
        return new WebhookDelivery(run.FiringId, new Uri(run.Code), body, string.IsNullOrEmpty(_options.Secret) ? null : CloudEvent.Sign(body, _options.Secret));
    }

    public async Task<AttemptResult> SendAsync(WebhookDelivery delivery, int attempt, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(_options.TimeoutSeconds));
        using HttpRequestMessage request = Request(delivery, attempt);
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return await ResultOf(response, limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new AttemptResult.Failed(string.Create(CultureInfo.InvariantCulture, $"no answer within {_options.TimeoutSeconds} s"));
        }
        catch (HttpRequestException failure)
        {
            return new AttemptResult.Failed(failure.InnerException?.Message ?? failure.Message);
        }
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(WebhookDelivery delivery, int attempt)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url) { Content = new ByteArrayContent(delivery.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json") { CharSet = "utf-8" };
        // Headers are ASCII, names of items are not.
        request.Headers.Add("X-Qube-Firing", Uri.EscapeDataString(delivery.FiringId));
        request.Headers.Add("X-Qube-Attempt", attempt.ToString(CultureInfo.InvariantCulture));
        if (delivery.Signature is not null)
        {
            request.Headers.Add("X-Qube-Signature-256", delivery.Signature);
        }

        return request;
    }

    private async Task<AttemptResult> ResultOf(HttpResponseMessage response, CancellationToken cancel)
    {
        int code = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return new AttemptResult.Done(string.Create(CultureInfo.InvariantCulture, $"HTTP {code}"));
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"HTTP {code} {response.ReasonPhrase}").TrimEnd();
        if (code is >= 300 and < 400)
        {
            return new AttemptResult.Refused($"{text}: redirections are not followed, to {response.Headers.Location}");
        }

        string words = await WordsOf(response, cancel);
        text = words.Length > 0 ? $"{text}: {words}" : text;
        bool mayChange = code >= 500 || response.StatusCode is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425;
        return mayChange ? new AttemptResult.Failed(text, WaitOf(response.Headers.RetryAfter)) : new AttemptResult.Refused(text);
    }

    private TimeSpan? WaitOf(RetryConditionHeaderValue? after) => after?.Delta ?? (after?.Date is { } date ? date - _time.GetUtcNow() : null);

    /// <summary>The first words of the answer: what the other side has to say about it.</summary>
    private static async Task<string> WordsOf(HttpResponseMessage response, CancellationToken cancel)
    {
        var start = new byte[ShownLength];
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancel);
            int read = await body.ReadAtLeastAsync(start, ShownLength, throwOnEndOfStream: false, cancel);
            return System.Text.Encoding.UTF8.GetString(start, 0, read).ReplaceLineEndings(" ").Trim();
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            return "";
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Qube.Cluster.Tests.Farms;
using Xunit;

namespace Qube.Cluster.Tests.Security;

/// <summary>A farm that asks for tokens: root's, bob's and eve's.</summary>
public sealed class GuardedFarm : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("qube-guarded-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };

    internal FarmProcess Farm { get; private set; } = null!;

    internal string TokenFile => Path.Combine(_folder, "tokens");

    public static string Token(string user) => $"{user}-0123456789abcdef-{user}";

    public async Task InitializeAsync()
    {
        WriteTokens(TokenFile);
        Farm = await FarmProcess.StartAsync(new FarmSetup { Slots = 2, Options = ["--token-file", TokenFile] });
    }

    public async Task DisposeAsync()
    {
        await Farm.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal static void WriteTokens(string path)
    {
        File.WriteAllLines(path, ["# for tests", .. "root bob eve".Split(' ').Select(user => $"{user} {Token(user)}"), "@cluster 0123456789abcdef0123456789abcdef"]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <param name="method">The route's.</param>
    /// <param name="path">From the slash on.</param>
    /// <param name="token">Null for none.</param>
    /// <param name="body">JSON with ' for "; null for none.</param>
    internal async Task<(HttpStatusCode Status, string Body)> Send(HttpMethod method, string path, string? token, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Farm.Url + path));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.Replace('\'', '"'), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        // A stream of events has no end.
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return (response.StatusCode, isStream ? "" : await response.Content.ReadAsStringAsync());
    }

    internal async Task<JsonElement> Ok(string user, string path, string? body = null)
    {
        var (status, text) = await Send(body is null ? HttpMethod.Get : HttpMethod.Post, path, Token(user), body);
        Assert.True(status == HttpStatusCode.OK, $"{path} {body} by {user} answered {status}: {text}\nnode:\n{Farm.Log()}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>Submits one job.</summary>
    /// <returns>Its id.</returns>
    internal async Task<long> Submit(string user, string job) =>
        (await Ok(user, "/api/v1/jobs", $"{{'jobs':[{job}]}}")).GetProperty("jobs")[0].GetProperty("id").GetInt64();

    internal async Task<JsonElement> Job(long id) => (await Ok("root", "/api/v1/jobs/query", $"{{'ids':[{id}],'agenda':true,'subjobs':true,'callbacks':true}}")).GetProperty("jobs")[0];

    internal async Task<string> Status(long id) => (await Job(id)).GetProperty("status").GetString()!;
}

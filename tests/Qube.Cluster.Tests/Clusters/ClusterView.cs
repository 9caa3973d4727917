using System.Net.Http.Json;
using System.Text.Json;

namespace Qube.Cluster.Tests.Clusters;

/// <summary>What a supervisor says of the farm (<c>/api/v1/cluster</c>).</summary>
internal sealed record ClusterView(string Name, string Self, string Leader, string Singletons, ClusterView.Member[] Members, long[] Jobs)
{
    private static readonly HttpClient s_client = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>So many supervisors are up, and all of them answer.</summary>
    public bool IsWhole(int supervisors) => Members.Length == supervisors && Members.All(member => member is { Status: "up", Reachable: true });

    public override string ToString() => JsonSerializer.Serialize(this);

    /// <summary>Null when it does not answer.</summary>
    public static ClusterView? Of(string url)
    {
        try
        {
            using var response = s_client.Send(new HttpRequestMessage(HttpMethod.Get, $"{url}/api/v1/cluster"));
            using var body = response.Content.ReadAsStream();
            return response.IsSuccessStatusCode ? JsonSerializer.Deserialize<ClusterView>(body, JsonSerializerOptions.Web) : null;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException or IOException)
        {
            return null;
        }
    }

    /// <summary>The history of the jobs of an answer of <c>linked.py</c>, for the message of a failed test.</summary>
    public static string History(string url, string answer)
    {
        var ids = JsonDocument.Parse(answer).RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetRawText()).ToArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/api/v1/hist") { Content = JsonContent.Create(new { ids }) };
        using var response = s_client.Send(request);
        using var body = new StreamReader(response.Content.ReadAsStream());
        return body.ReadToEnd().Replace("},{", "}\n{", StringComparison.Ordinal);
    }

    internal sealed record Member(string Address, string Status, bool Reachable);
}

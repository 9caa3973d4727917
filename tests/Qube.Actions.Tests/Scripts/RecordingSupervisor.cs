using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Qube.Actions.Tests.Scripts;

/// <summary>A socket that takes HTTP requests, notes them and answers all alike. It stands for nothing of ours.</summary>
internal sealed class RecordingSupervisor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly Task _accepting;

    public RecordingSupervisor()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>The body of every answer.</summary>
    public string Answer { get; set; } = "{\"affected\":[\"12.0\"],\"jobs\":[],\"hosts\":[]}";

    public Request[] Requests => [.. _requests];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
            try
            {
                while (await reader.ReadLineAsync() is { Length: > 0 } first)
                {
                    var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                    while (await reader.ReadLineAsync() is { Length: > 0 } line)
                    {
                        string[] header = line.Split(':', 2);
                        headers[header[0]] = header[1].Trim();
                    }

                    var body = new char[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
                    await reader.ReadBlockAsync(body);
                    _requests.Enqueue(new Request(first.Split(' ')[0], first.Split(' ')[1], headers, new string(body)));
                    string answer = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(Answer)}\r\n\r\n{Answer}";
                    await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer));
                }
            }
            catch (IOException)
            {
                // The script went away in the middle.
            }
        }
    }

    public sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
}

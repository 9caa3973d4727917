using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Qube.Actions.Tests.Webhooks;

/// <summary>An HTTP server on loopback that notes what is posted and answers as told: with a status, with nothing, or by hanging up.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    public HookReceiver()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook");

    public ConcurrentQueue<Post> Posts { get; } = new();

    /// <summary>The answer's status line and headers; <c>hang</c>: none ever; <c>close</c>: the connection is closed.</summary>
    public Func<int, string> Answer { get; set; } = _ => "200 OK";

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                // Latin-1: one letter a byte, so that the length counts them.
                using var reader = new StreamReader(stream, Encoding.Latin1);
                while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 } first)
                {
                    var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                    while (await reader.ReadLineAsync(_closing.Token) is { Length: > 0 } line)
                    {
                        string[] header = line.Split(':', 2);
                        headers[header[0]] = header[1].Trim();
                    }

                    var body = new char[int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture)];
                    await reader.ReadBlockAsync(body, _closing.Token);
                    Posts.Enqueue(new Post(first, headers, Encoding.Latin1.GetBytes(body)));
                    string answer = Answer(Posts.Count);
                    if (answer == "hang")
                    {
                        await Task.Delay(Timeout.Infinite, _closing.Token);
                    }

                    if (answer == "close")
                    {
                        return;
                    }

                    const string Words = "words of the receiver";
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {answer}\r\nContent-Length: {Words.Length}\r\n\r\n{Words}"), _closing.Token);
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
        }
    }

    public sealed record Post(string RequestLine, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}

namespace Qube.Actions.Scripts;

/// <summary>The last lines of a process's standard error, to say why it died.</summary>
internal sealed class ErrorTail
{
    private const int Lines = 20;
    private readonly Queue<string> _lines = new();

    /// <summary>Empty, or <c>: </c> and the lines.</summary>
    public string Text
    {
        get
        {
            lock (_lines)
            {
                return _lines.Count == 0 ? "" : ": " + string.Join('\n', _lines);
            }
        }
    }

    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Lines)
            {
                _lines.Dequeue();
            }
        }
    }

    /// <summary>To the stream's end.</summary>
    public async Task ReadAsync(TextReader errors)
    {
        try
        {
            while (await errors.ReadLineAsync() is { } line)
            {
                Add(line);
            }
        }
        catch (IOException failure)
        {
            Add(failure.Message);
        }
    }
}

namespace Qube.Node.Cli;

/// <summary>All that a client command takes from the process it runs in.</summary>
public sealed record CliEnvironment
{
    private const int UsualWidth = 80;
    private const int UsualHeight = 25;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Opened only where <c>-</c> is read.</summary>
    public Func<TextReader> Input { get; init; } = () => Console.In;

    /// <summary>People look at a terminal: tables fit its width and have colours. Anything else gets all columns whole.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Progress of <c>sub --waiton</c> goes to stderr, so that stdout holds ids alone.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = UsualWidth;

    /// <summary>Lines of the terminal.</summary>
    public int Height { get; init; } = UsualHeight;

    /// <summary>False where <c>NO_COLOR</c> is set (no-color.org): glyphs and words say the same.</summary>
    public bool Colours { get; init; } = true;

    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    public string User { get; init; } = Environment.UserName;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How often a command that waits asks again.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a farm that is starting or failing over is waited for; a supervisor that nothing listens at is not, except by commands
    /// that were already waiting for a job.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The environment of this process, around the streams given.</summary>
    public static CliEnvironment Of(TextWriter output, TextWriter error)
    {
        var outputIsTerminal = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        var errorIsTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        var (width, height) = outputIsTerminal || errorIsTerminal ? Window() : (UsualWidth, UsualHeight);
        return new()
        {
            Output = output,
            Error = error,
            OutputIsTerminal = outputIsTerminal,
            ErrorIsTerminal = errorIsTerminal,
            Width = width,
            Height = height,
            Colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }

    private static (int Width, int Height) Window()
    {
        try
        {
            // Terminals without a size of their own (some containers) say 0.
            return (Console.WindowWidth > 0 ? Console.WindowWidth : UsualWidth, Console.WindowHeight > 0 ? Console.WindowHeight : UsualHeight);
        }
        catch (Exception unknown) when (unknown is IOException or PlatformNotSupportedException)
        {
            return (UsualWidth, UsualHeight);
        }
    }
}

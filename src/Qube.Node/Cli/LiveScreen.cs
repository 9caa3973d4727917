using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Qube.Node.Cli;

/// <summary>A terminal to draw on, once or again and again in place.</summary>
internal sealed class LiveScreen(TextWriter output, bool isTerminal, int width, int height, bool colours)
{
    public TextWriter Output { get; } = output;

    public bool IsTerminal { get; } = isTerminal;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public static LiveScreen OfOutput(CliEnvironment environment) =>
        new(environment.Output, environment.OutputIsTerminal, environment.Width, environment.Height, environment.Colours);

    /// <summary>Draws in place until the work ends; what was drawn last stays.</summary>
    public Task RunAsync(Func<Action<IRenderable>, Task> work) => Console(colours).Live(new Text(""))
        .Overflow(VerticalOverflow.Ellipsis)
        .StartAsync(live => work(live.UpdateTarget));

    public void Draw(IRenderable picture) => Console(colours).Write(picture);

    // What the terminal can do was decided by the caller: Spectre's own guesses look at CI variables, not at this writer.
    private IAnsiConsole Console(bool inColours) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = inColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.Yes,
        Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        Out = new Sized(Output, Width, Height),
    });

    private sealed class Sized(TextWriter writer, int width, int height) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => height;

        public void SetEncoding(Encoding encoding)
        {
            // The writer has one.
        }
    }
}

namespace Qube.Contracts;

/// <summary>What a worker needs to run a job of prototypes <c>cmdline</c> and <c>cmdrange</c> (spec/jobs.md §4.1).</summary>
public sealed record CommandSpec
{
    public string CmdLine { get; init; } = "";

    /// <summary>The shell to use, or empty for the default.</summary>
    public string Shell { get; init; } = "";

    /// <summary>Digits of frame tokens; 0 and 1 mean none are added.</summary>
    public int Padding { get; init; }

    public string RegexErrors { get; init; } = "";

    public string RegexOutputPaths { get; init; } = "";

    public string RegexHighlights { get; init; } = "";

    public string RegexProgress { get; init; } = "";

    /// <summary>How many lines each regex collects at most; 0 is the default of 20.</summary>
    public int RegexMaxLines { get; init; }

    public string Cwd { get; init; } = "";

    /// <summary>The job's <c>env</c> as name, value, name, value….</summary>
    public string[] Env { get; init; } = [];

    /// <summary>The submitter's environment, kept when flag <c>export_environment</c> asks for it, in the same form.</summary>
    public string[] ExportedEnv { get; init; } = [];

    /// <summary>The job type whose back end runs it; empty where it is <see cref="CmdLine"/> that is run.</summary>
    public string Prototype { get; init; } = "";

    /// <summary>Paths are translated whatever the job's flags say (<c>pyCmdline</c>, <c>pyCmdrange</c>).</summary>
    public bool ConvertsPaths { get; init; }

    /// <summary>Flight checks of each run of an instance and of each item (spec/jobs.md §10): full paths between commas, as submitted.</summary>
    public string Preflights { get; init; } = "";

    public string Postflights { get; init; } = "";

    public string AgendaPreflights { get; init; } = "";

    public string AgendaPostflights { get; init; } = "";
}

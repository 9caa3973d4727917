using Qube.Contracts.Scripts;

namespace Qube.Actions.Scripts;

/// <summary>How callback scripts are run (spec/callbacks.md §13).</summary>
public sealed record ScriptPoolOptions
{
    /// <summary>Default <c>python3</c>. A name or path; resolved once to the interpreter behind it, since it may be a shim that costs 30 ms a
    /// start; of several by that name in PATH the first that <see cref="ScriptUser"/> can use. 2.7 and 3.6 or later.</summary>
    public string Interpreter { get; init; } = "python3";

    /// <summary>The perl of perl callbacks; default <c>perl</c>, found in PATH when a script starts.</summary>
    public string Perl { get; init; } = "perl";

    /// <summary>Warm parents that scripts are forked from; default one per core. More cost 12 MB each and add nothing beyond the cores.</summary>
    public int Zygotes { get; init; } = Environment.ProcessorCount;

    /// <summary>Scripts running at once; default two per core, since scripts mostly wait for the supervisor's answers.</summary>
    public int Concurrency { get; init; } = 2 * Environment.ProcessorCount;

    /// <summary>Account that scripts run as when the supervisor is root; default <c>nobody</c>. Null runs them as the supervisor, as Qube! does.</summary>
    public string? ScriptUser { get; init; } = "nobody";

    /// <summary>
    /// True: python scripts run one after another in interpreters that stay. A tenth of the time, and no isolation: modules, environment,
    /// threads and whatever else a script leaves are there for the next one. Default false, each in a process of its own.
    /// </summary>
    public bool Warm { get; init; }

    /// <summary>How far scripts give way to the farm, as nice(1) counts, 0 to 19; default 10.</summary>
    public int Niceness { get; init; } = 10;

    /// <summary>The folder with <c>qb</c> and <c>qb_callbacks</c>; default <c>python</c> beside the executable.</summary>
    public string LibraryPath { get; init; } = Path.Combine(AppContext.BaseDirectory, "python");

    /// <summary>The folder with <c>qb.pm</c>; default <c>perl</c> beside the executable.</summary>
    public string PerlLibraryPath { get; init; } = Path.Combine(AppContext.BaseDirectory, "perl");

    /// <summary>How often a script is run again when its zygote dies under it; default 2. A script that kills its parent would go on for ever.</summary>
    public int RepetitionsAfterCutOff { get; init; } = 2;

    /// <summary>Seconds beyond its limit after which a script without an end means that its zygote hangs and is killed; default 30. With less a busy
    /// machine's zygote, which is only slow, would die with all that it runs, and all that has not had its time would begin again.</summary>
    public double ZygoteGraceSeconds { get; init; } = 30;

    /// <summary>What a run asks the API with, made when it starts; null where nothing is asked for.</summary>
    public Func<ScriptRun, string>? Token { get; init; }

    /// <summary>The authority of the supervisors' certificates; null where they have none.</summary>
    public string? CaFile { get; init; }

    /// <exception cref="ArgumentException">A value is out of bounds; the message names it.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Interpreter);
        ArgumentException.ThrowIfNullOrWhiteSpace(Perl);
        ArgumentOutOfRangeException.ThrowIfLessThan(Zygotes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Niceness, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Niceness, 19);
        ArgumentOutOfRangeException.ThrowIfNegative(RepetitionsAfterCutOff);
        ArgumentOutOfRangeException.ThrowIfNegative(ZygoteGraceSeconds);
    }
}

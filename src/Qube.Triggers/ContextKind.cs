namespace Qube.Triggers;

/// <summary>How a pattern names the job it listens to (callbacks.md §6).</summary>
public enum ContextKind
{
    /// <summary>No job at all: global events and clocks.</summary>
    None,
    Self,
    Parent,
    Job,
    Label,

    /// <summary>`*`: any job. Who may write it is the caller's rule (admins and global callbacks).</summary>
    Any,
}

namespace Qube.Contracts;

/// <summary>An event for which nobody waits: what it says is in another log already, or may be said again. A write that begins with one may be held a moment for the
/// company of one that cannot wait.</summary>
public interface IPatientEvent;

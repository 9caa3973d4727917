namespace Qube.Node.Cli;

/// <summary>What a colour means; which colour it is, the terminal's table decides.</summary>
public enum Tone
{
    Plain = 0,
    Dim,
    Running,
    Complete,
    Failed,
    Pending,
    Blocked,
    Waiting,
}

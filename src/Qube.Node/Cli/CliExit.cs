namespace Qube.Node.Cli;

/// <summary>Exit codes of client commands.</summary>
public static class CliExit
{
    public const int Ok = 0;

    /// <summary>The supervisor refused, nothing was there to act on, or a job waited for did not complete.</summary>
    public const int Refused = 1;

    /// <summary>The command line itself is wrong; nothing was asked.</summary>
    public const int Usage = 2;

    /// <summary>No supervisor answered.</summary>
    public const int Away = 3;

    /// <summary>Cut off by the user (128 + SIGINT), as shells say it.</summary>
    public const int Interrupted = 130;
}

namespace Qube.Actions.Scripts;

/// <summary>No interpreter could be started; the message says which and why, for the history of the job.</summary>
internal sealed class ZygoteFailedException : Exception
{
    public ZygoteFailedException(string message)
        : base(message)
    {
    }

    public ZygoteFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

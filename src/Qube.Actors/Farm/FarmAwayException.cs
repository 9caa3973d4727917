namespace Qube.Actors.Farm;

/// <summary>Part of the farm does not answer now (starting, handing over, journal away). The same request may succeed later and is then done once.</summary>
public sealed class FarmAwayException : Exception
{
    public FarmAwayException()
    {
    }

    public FarmAwayException(string message)
        : base(message)
    {
    }

    public FarmAwayException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

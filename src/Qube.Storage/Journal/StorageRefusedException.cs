namespace Qube.Storage.Journal;

/// <summary>The database is not set up so that an acknowledged event survives a power cut. The message says what to change.</summary>
public sealed class StorageRefusedException : Exception
{
    public StorageRefusedException()
    {
    }

    public StorageRefusedException(string message)
        : base(message)
    {
    }

    public StorageRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

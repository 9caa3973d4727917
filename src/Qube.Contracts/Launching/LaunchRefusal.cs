namespace Qube.Contracts.Launching;

/// <summary>Why a launcher would not do what it was asked.</summary>
public enum LaunchRefusal
{
    /// <summary>The request's epoch is lower than one already seen for the job.</summary>
    StaleEpoch = 1,

    /// <summary>This key ran, ended, and was declared recorded: it is not started again.</summary>
    AlreadyRecorded = 2,

    /// <summary>A kill named a key of which nothing is known.</summary>
    Unknown = 3,
}

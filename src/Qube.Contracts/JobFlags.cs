namespace Qube.Contracts;

/// <summary>Job flags, with Qube!'s own bit values (spec/jobs.md §1.1).</summary>
[Flags]
public enum JobFlags
{
    None = 0,
    Uninterruptible = 1,
    Grid = 4,
    AutoMount = 8,
    ExportEnvironment = 16,
    Expand = 32,
    HostList = 256,
    Elite = 512,
    Mail = 1024,
    DisableWindowsJobObject = 2048,
    DisableCpuLimit = 4096,
    DisableAutoComplete = 8192,
    AutoWrangling = 16384,
    PAgenda = 32768,
    MigrateOnFrameRetry = 65536,
    ConvertPath = 131072,
    NoDefaults = 524288,
}

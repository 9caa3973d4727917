namespace Qube.Actors.Workers;

/// <summary>Tells one run of the machine from the next: after a restart nothing that ran before can be alive.</summary>
public static class BootId
{
    private const string KernelFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>The kernel's id; where there is none, the minute of the boot, which two restarts cannot share.</summary>
    public static string Read() => File.Exists(KernelFile)
        ? File.ReadAllText(KernelFile).Trim()
        : DateTimeOffset.UtcNow.AddMilliseconds(-Environment.TickCount64).ToString("yyyyMMddHHmm", System.Globalization.CultureInfo.InvariantCulture);
}

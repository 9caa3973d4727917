namespace Qube.Contracts.Launching;

/// <summary>What a process and its awaited children used.</summary>
/// <param name="UserMs">CPU time in user mode, milliseconds.</param>
/// <param name="SystemMs">CPU time in the kernel, milliseconds.</param>
/// <param name="MaxRssKiB">Largest resident set, KiB.</param>
public readonly record struct LaunchUsage(long UserMs, long SystemMs, long MaxRssKiB);

using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Qube.Actors.Workers;

namespace Qube.Node.Roles;

/// <summary>What a worker tells of the machine it is on (spec/scheduling.md §2).</summary>
internal static class LocalMachine
{
    /// <summary>The job types that this version runs.</summary>
    private static readonly string[] Jobtypes = ["cmdline", "cmdrange", "frame", "pyCmdline", "pyCmdrange"];

    public static WorkerOptions Describe(WorkerOptions options)
    {
        var network = NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.NetworkInterfaceType != NetworkInterfaceType.Loopback && card.OperationalStatus == OperationalStatus.Up)
            .Select(card => (
                Mac: string.Join(':', card.GetPhysicalAddress().GetAddressBytes().Select(part => part.ToString("X2", CultureInfo.InvariantCulture))),
                Address: card.GetIPProperties().UnicastAddresses.FirstOrDefault(address => address.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString() ?? ""))
            .FirstOrDefault(card => card.Mac.Length > 0 && card.Address.Length > 0);
        return options with
        {
            Address = network.Address ?? "127.0.0.1",
            MacAddress = network.Mac ?? "00:00:00:00:00:00",
            MemoryMegabytes = (int)Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20, int.MaxValue),
            Jobtypes = [.. Jobtypes, .. options.BackEnds.Keys.Except(Jobtypes, StringComparer.Ordinal)],
            Properties = string.Join(',', Properties()),
        };
    }

    private static IEnumerable<string> Properties() =>
    [
        "host.os=linux",
        $"host.architecture={RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}",
        string.Create(CultureInfo.InvariantCulture, $"host.cpus={Environment.ProcessorCount}"),
        $"host.kernel_version={Environment.OSVersion.Version}",
        $"host.processor_model={ProcessorModel()}",
    ];

    /// <summary>Without the separators of the list that it becomes a part of.</summary>
    private static string ProcessorModel()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().Replace(',', ' ').Replace('=', ' ');
    }
}

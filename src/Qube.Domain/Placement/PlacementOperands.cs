using System.Globalization;
using Qube.Domain.Expressions;

namespace Qube.Domain.Placement;

/// <summary>The operands of a requirement for one job on one host (scheduling.md §4).</summary>
internal sealed class PlacementOperands(Demand? demand, HostState host, GlobalLedger globals)
{
    private static readonly string[] _globalPrefixes = ["global.", "license.", "global_host.", "license_host.", "scoped."];

    private static readonly HashSet<string> _properties = new(StringComparer.Ordinal)
    {
        "host.architecture", "host.cpus", "host.kernel_version", "host.os", "host.processor_make", "host.processor_model",
        "host.processor_speed", "host.proxy_mode", "host.qube_build", "host.qube_class", "host.qube_version", "host.worker_mode",
        "host.name", "host.state", "host.cluster", "host.restrictions", "host.groups", "host.jobtypes", "host.flags",
    };

    /// <summary>True for operands whose value changes as instances come and go. Bare resource names are found out per host.</summary>
    public static bool IsOfLoad(string operand) =>
        operand.StartsWith("host.duty", StringComparison.Ordinal)
        || operand.EndsWith(".used", StringComparison.Ordinal)
        || operand.EndsWith(".avail", StringComparison.Ordinal)
        || IsOfGlobals(operand);

    /// <summary>The same without a host to ask: any <c>host.x</c> that is no built-in property may be a resource there.</summary>
    public static bool MayBeOfLoad(string operand) => IsOfLoad(operand)
        || (operand.StartsWith("host.", StringComparison.Ordinal)
            && !operand.StartsWith("host.flag.", StringComparison.Ordinal) && !_properties.Contains(operand));

    public static bool IsOfGlobals(string operand) =>
        Array.Exists(_globalPrefixes, prefix => operand.StartsWith(prefix, StringComparison.Ordinal));

    public string? Find(string name) =>
        name.StartsWith("host.", StringComparison.Ordinal) ? OfHost(name)
        : name.StartsWith("job.", StringComparison.Ordinal) ? demand is null ? null : OfJob(demand, name["job.".Length..])
        : IsOfGlobals(name) ? OfGlobals(name)
        : null;

    public static string? OfJob(Demand demand, string property) => property switch
    {
        "id" => Text(demand.JobId),
        "pid" => Text(demand.ParentId),
        "pgrp" => Text(demand.ProcessGroupId),
        "priority" => Text(demand.Priority),
        "name" => demand.Name,
        "label" => demand.Label,
        "user" => demand.User,
        "status" => demand.Status,
        "prototype" or "type" => demand.Prototype,
        "cluster" => demand.Cluster.Text,
        "restrictions" => demand.Restrictions.Text,
        "kind" => demand.Kind,
        "reservations" => demand.Reservations.Text,
        "requirements" => demand.Requirements.Text,
        "flags" => string.Join(',', demand.Flags),
        _ when property.StartsWith("flag.", StringComparison.Ordinal) => demand.Flags.Contains(property["flag.".Length..]) ? "1" : "0",
        _ => null,
    };

    private string? OfHost(string name)
    {
        PlacementHost facts = host.Facts;
        switch (name)
        {
            case "host.name":
                return facts.Name;
            case "host.state":
                return facts.State;
            case "host.cluster":
                return facts.Cluster;
            case "host.restrictions":
                return facts.Restrictions.Text;
            case "host.groups":
                return string.Join(',', facts.Groups);
            case "host.jobtypes":
                return string.Join(',', facts.JobTypes);
            case "host.flags":
                return string.Join(',', facts.Flags);
            case "host.duty":
                return OfDuties("kind");
            default:
                break;
        }

        if (name.StartsWith("host.flag.", StringComparison.Ordinal))
        {
            return facts.Flags.Contains(name["host.flag.".Length..]) ? "1" : "0";
        }

        if (name.StartsWith("host.duty.", StringComparison.Ordinal))
        {
            return OfDuties(name["host.duty.".Length..]);
        }

        if (facts.Properties.TryGetValue(name, out string? property))
        {
            return property;
        }

        (string resource, string? figure) = Split(name);
        return host.Has(resource) ? Figure(figure, host.Used(resource), host.Free(resource), host.Total(resource)) : null;
    }

    private string? OfGlobals(string name)
    {
        (string resource, string? figure) = Split(name);
        return globals.IsKnown(resource)
            ? Figure(figure, globals.Used(resource), globals.Free(resource), globals.Total(resource))
            : null;
    }

    private string OfDuties(string property) => string.Join(
        ',',
        host.Duties.Select(duty => property switch
        {
            "id" => Text(duty.JobId),
            "pgrp" => Text(duty.ProcessGroupId),
            "priority" => Text(duty.Priority),
            "name" => duty.Name,
            "label" => duty.Label,
            "user" => duty.User,
            "cluster" => duty.Cluster,
            "kind" => duty.Kind,
            "type" or "prototype" => duty.Prototype,
            _ => "",
        }).Where(static value => value.Length > 0).Distinct(StringComparer.Ordinal));

    /// <summary>A bare resource name means what is available.</summary>
    private static (string Resource, string? Figure) Split(string name)
    {
        int dot = name.LastIndexOf('.');
        return name[(dot + 1)..] is "used" or "avail" or "total" ? (name[..dot], name[(dot + 1)..]) : (name, null);
    }

    private static string Figure(string? figure, int used, int free, int total) => Text(figure switch
    {
        "used" => used,
        "total" => total,
        _ => Math.Max(0, free),
    });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

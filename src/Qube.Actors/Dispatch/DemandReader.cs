using System.Collections.Immutable;
using System.Globalization;
using Qube.Contracts;
using Qube.Domain.Expressions;
using Qube.Domain.Placement;
using Qube.Domain.Submissions;
using Qube.Domain.Syntax;

namespace Qube.Actors.Dispatch;

/// <summary>Makes placement's demand of what a job says. Expressions were read at submission; a later modification may still have spoiled one.</summary>
internal static class DemandReader
{
    /// <param name="said">What the job says.</param>
    /// <param name="wanted">Instances to place now.</param>
    /// <param name="problem">The field and what is wrong with it, when the answer is null.</param>
    public static Demand? Read(DispatchMessages.Demand said, int wanted, out string problem)
    {
        problem = "";
        var demand = new Demand
        {
            JobId = said.JobId.Value,
            Wanted = wanted,
            Priority = said.Priority,
            Order = said.LocalOrder,
            Hosts = Words(said.Hosts),
            OmitHosts = Words(said.OmitHosts),
            ExcludedHosts = Words(said.ExcludedHosts),
            Groups = Words(said.Groups),
            OmitGroups = Words(said.OmitGroups),
            Prototype = said.Prototype,
            Flags = Words(JobFlagNames.Text(said.Flags)),
            Name = said.Name,
            Kind = said.Kind,
            User = said.User,
            Label = said.Label,
            ProcessGroupId = said.Pgrp,
        };
        return Good("cluster", JobCluster.Parse(said.Cluster), ref problem) is { } cluster
            && Good("requirements", Expression.Parse(said.Requirements), ref problem) is { } requirements
            && Good("reservations", Reservations.Parse(said.Reservations), ref problem) is { } reservations
            && Good("restrictions", ClusterExpression.Parse(said.Restrictions), ref problem) is { } restrictions
            && Good("hostorder", HostOrder.Parse(said.HostOrder), ref problem) is { } order
            ? demand with { Cluster = cluster, Requirements = requirements, Reservations = reservations, Restrictions = restrictions, HostOrder = order }
            : null;
    }

    /// <summary>True when only numbers differ: then what was read stays good.</summary>
    public static bool SaysTheSame(DispatchMessages.Demand one, DispatchMessages.Demand other) =>
        one.Requirements == other.Requirements && one.Reservations == other.Reservations && one.Cluster == other.Cluster
        && one.Restrictions == other.Restrictions && one.HostOrder == other.HostOrder && one.Hosts == other.Hosts && one.OmitHosts == other.OmitHosts && one.ExcludedHosts == other.ExcludedHosts
        && one.Groups == other.Groups && one.OmitGroups == other.OmitGroups && one.Priority == other.Priority && one.LocalOrder == other.LocalOrder
        && one.Flags == other.Flags && one.Prototype == other.Prototype && one.Kind == other.Kind && one.Name == other.Name && one.User == other.User;

    /// <summary>Reads <c>host.processors=2,license.maya=1</c>.</summary>
    public static ImmutableArray<Allocation> Allocations(string text)
    {
        var allocations = ImmutableArray.CreateBuilder<Allocation>();
        foreach (var word in DispatchHost.Words(text))
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && int.TryParse(word.AsSpan(equals + 1), NumberStyles.Integer, CultureInfo.InvariantCulture, out var amount))
            {
                allocations.Add(new Allocation(word[..equals], amount));
            }
        }

        return allocations.ToImmutable();
    }

    private static ImmutableArray<string> Words(string list) => [.. DispatchHost.Words(list)];

    private static T? Good<T>(string field, Parsed<T> parsed, ref string problem)
        where T : class
    {
        if (!parsed.IsOk)
        {
            problem = $"{field}: {parsed.Error}";
        }

        return parsed.Value;
    }
}

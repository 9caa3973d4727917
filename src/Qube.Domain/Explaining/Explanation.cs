using System.Collections.Immutable;

namespace Qube.Domain.Explaining;

/// <summary>Why a job, or an item, is where it is.</summary>
/// <param name="Job">Its id.</param>
/// <param name="Item">The item explained; empty is the whole job.</param>
/// <param name="Name">The job's name.</param>
/// <param name="Label">The job's label.</param>
/// <param name="Status">Of the item where there is one, else of the job.</param>
/// <param name="JobStatus">Of the job.</param>
/// <param name="Reason">All of it in one sentence.</param>
/// <param name="Callbacks">Those that can bring it on first, then the others.</param>
/// <param name="CallbackCount">Those not listed included.</param>
/// <param name="Hosts">What each host lacks, while something is pending.</param>
/// <param name="HostCount">Those not listed included.</param>
public sealed record Explanation(
    long Job,
    string Item,
    string Name,
    string Label,
    string Status,
    string JobStatus,
    string Reason,
    ImmutableArray<ExplainedCallback> Callbacks,
    int CallbackCount,
    ImmutableArray<ExplainedHost> Hosts,
    int HostCount);

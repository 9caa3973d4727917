using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Contracts;

namespace Qube.Node.Api;

/// <summary>What jobs themselves must be asked for: their newest state, agenda, instances and callbacks.</summary>
internal sealed class JobDetails(FarmRefs farm, ApiOptions options, JobQueryRequest query)
{
    private readonly bool _agenda = query.Agenda == true || Names(query, "agenda", "work");
    private readonly bool _subjobs = query.Subjobs == true || Names(query, "subjobs", "instances");
    private readonly bool _callbacks = query.Callbacks == true || Names(query, "callbacks");

    public bool AreWanted => _agenda || _subjobs || _callbacks;

    /// <summary>The dictionaries of those that exist, in the order of the ids.</summary>
    public async Task<IEnumerable<string>> Of(long[] ids, CancellationToken cancel)
    {
        var found = new string?[ids.Length];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, ids.Length),
            new ParallelOptions { MaxDegreeOfParallelism = options.AsksAtOnce, CancellationToken = cancel },
            async (at, cancelled) =>
            {
                var get = new JobMessages.GetJob { JobId = new(ids[at]), Agenda = _agenda, Subjobs = _subjobs, Callbacks = _callbacks };
                var reply = await farm.Jobs.AskFarm<JobMessages.JobReply>(get, $"job {ids[at]}", options.AskLimit, cancelled);
                found[at] = reply.Exists ? reply.Json : null;
            });
        return found.OfType<string>();
    }

    private static bool Names(JobQueryRequest query, params string[] names) =>
        query.Fields?.Any(field => names.Contains(field, StringComparer.OrdinalIgnoreCase)) == true;
}

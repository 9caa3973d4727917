using Qube.Contracts;
using Qube.Domain.Jobs;

namespace Qube.Node.Api;

/// <summary>Turns the ids of one request into one command per job, or two where instances and items of one job are named together.</summary>
internal static class ControlTargets
{
    private static readonly Dictionary<string, JobVerb> Verbs = Enum.GetValues<JobVerb>()
        .Where(verb => verb != JobVerb.None)
        .ToDictionary(verb => verb.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Verbs on a job as a whole: an instance or an item has no place in the queue of its own.</summary>
    private static readonly JobVerb[] WholeJob = [JobVerb.Remove, JobVerb.Shove, JobVerb.Top, JobVerb.Bottom];

    /// <exception cref="ApiRefusedException">The verb, the scope or an id is none.</exception>
    public static IReadOnlyList<JobMessages.ControlJob> Read(ControlRequest request, string requestId)
    {
        var verb = Verb(request.Verb);
        var scope = Scope(request.Scope);
        var commands = new List<JobMessages.ControlJob>();
        foreach (var job in TargetId.ParseAll(request.Ids).GroupBy(id => id.Job))
        {
            var command = new JobMessages.ControlJob
            {
                JobId = new(job.Key),
                RequestId = requestId,
                Verb = verb,
                Scope = scope,
                User = request.User ?? "",
            };
            if (WholeJob.Contains(verb))
            {
                commands.Add(command);
            }
            else
            {
                Add(commands, command, [.. job]);
            }
        }

        return [.. commands.SelectMany(ControlPages.Of)];
    }

    private static void Add(List<JobMessages.ControlJob> commands, JobMessages.ControlJob command, TargetId[] ids)
    {
        if (Array.Find(ids, id => command.Scope == VerbScope.Job && id.Item is not null) is { Job: > 0 } item)
        {
            throw new ApiRefusedException($"'{item.Job}:{item.Item}' names items, and {command.Verb.ToString().ToLowerInvariant()} is asked for instances");
        }

        if (Array.Find(ids, id => command.Scope == VerbScope.Work && id.Instance is not null) is { Job: > 0 } instance)
        {
            throw new ApiRefusedException(
                $"'{instance.Job}.{instance.Instance}' names an instance, and {command.Verb.ToString().ToLowerInvariant()} is asked for items");
        }

        if (Array.Exists(ids, id => id is { Instance: null, Item: null }))
        {
            commands.Add(command);
            return;
        }

        int[] instances = [.. ids.Where(id => id.Instance is not null).Select(id => id.Instance!.Value).Distinct()];
        string[] items = [.. ids.Where(id => id.Item is not null).Select(id => id.Item!).Distinct(StringComparer.Ordinal)];
        if (instances.Length > 0)
        {
            commands.Add(command with { Scope = VerbScope.Job, Instances = instances });
        }

        if (items.Length > 0)
        {
            // 12:* is all of them, which a command without items means.
            commands.Add(command with
            {
                Scope = VerbScope.Work,
                Items = items.Contains("") ? [] : items,
                RequestId = instances.Length > 0 ? command.RequestId + "/items" : command.RequestId,
            });
        }
    }

    private static JobVerb Verb(string? written)
    {
        if (written is not null && Verbs.TryGetValue(written, out var verb))
        {
            return verb;
        }

        return string.Equals(written, "complete", StringComparison.OrdinalIgnoreCase)
            ? JobVerb.Retire
            : throw new ApiRefusedException($"'{written}' is no verb; known are {string.Join(", ", Verbs.Keys).ToLowerInvariant()}");
    }

    private static VerbScope Scope(string? written) => written?.ToLowerInvariant() switch
    {
        null or "" or "job" => VerbScope.Job,
        "work" => VerbScope.Work,
        "both" => VerbScope.Both,
        _ => throw new ApiRefusedException($"'{written}' is no scope; known are job, work and both"),
    };
}

using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>What is to be said once the batch that it follows from has committed.</summary>
public sealed class JobOutbox
{
    private readonly Dictionary<int, WorkerMessages.HandOut> handOuts = [];

    public List<(string Host, object Message)> ToWorkers { get; } = [];

    /// <summary>Replies, each to the token that came with the command.</summary>
    public List<(object To, object Message)> Replies { get; } = [];

    /// <summary>Answers to questions, each to the token that came with one.</summary>
    public List<(object To, object Message)> Answers { get; } = [];

    /// <summary>Attempts that have something of their own to say, for the frames' journals; their worker is told <c>recorded</c> after that commit.</summary>
    public List<JobAttempt> Attempts { get; } = [];

    public bool IsEmpty => ToWorkers.Count == 0 && Replies.Count == 0 && Attempts.Count == 0 && handOuts.Count == 0;

    internal void HandOut(JobInstance instance, JobId job, int epoch, IEnumerable<WorkerMessages.RunItem> items, IEnumerable<int> recorded, bool leave)
    {
        var message = handOuts.GetValueOrDefault(instance.Id) ?? new WorkerMessages.HandOut { JobId = job, Epoch = epoch, Instance = instance.Id, Run = instance.Run };
        handOuts[instance.Id] = message with
        {
            Items = [.. message.Items, .. items],
            Recorded = [.. message.Recorded, .. recorded],
            Leave = message.Leave || leave,
        };
    }

    /// <summary>Moves the hand-outs to the messages, each to its instance's host, and cuts what is long into pages.</summary>
    internal void Close(Func<int, string?> hostOf)
    {
        foreach (var (instance, message) in handOuts)
        {
            if (hostOf(instance) is { } host)
            {
                ToWorkers.Add((host, message));
            }
        }

        handOuts.Clear();
        for (var at = 0; at < ToWorkers.Count; at++)
        {
            var (host, message) = ToWorkers[at];
            object[] pages = [.. WorkerPages.Of(message)];
            if (pages.Length > 1)
            {
                ToWorkers.RemoveAt(at);
                ToWorkers.InsertRange(at, pages.Select(page => (host, page)));
                at += pages.Length - 1;
            }
        }
    }
}

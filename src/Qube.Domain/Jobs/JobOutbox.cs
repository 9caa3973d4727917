using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>What is to be said once the batch that it follows from has committed.</summary>
public sealed class JobOutbox
{
    /// <summary>By instance and run: one that left and was started elsewhere within a batch is two.</summary>
    private readonly Dictionary<(int Instance, int Run), (string? Host, WorkerMessages.HandOut Message, JobInstance Instance)> handOuts = [];

    public List<(string Host, object Message)> ToWorkers { get; } = [];

    /// <summary>Replies, each to the token that came with the command.</summary>
    public List<(object To, object Message)> Replies { get; } = [];

    /// <summary>Answers to questions, each to the token that came with one.</summary>
    public List<(object To, object Message)> Answers { get; } = [];

    /// <summary>To process groups and hosts, each carrying its own address; null in all but the rarest batches.</summary>
    public List<object>? ToOthers { get; private set; }

    /// <summary>Attempts that have something of their own to say, for the frames' journals; their worker is told <c>recorded</c> after that commit.</summary>
    public List<JobAttempt> Attempts { get; } = [];

    public bool IsEmpty => ToWorkers.Count == 0 && ToOthers is null && Replies.Count == 0 && Attempts.Count == 0 && handOuts.Count == 0;

    internal void TellOther(object message) => (ToOthers ??= []).Add(message);

    internal void HandOut(JobInstance instance, JobId job, int epoch, IEnumerable<WorkerMessages.RunItem> items, IEnumerable<int> recorded, bool leave)
    {
        var key = (instance.Id, instance.Run);
        var (host, message, _) = handOuts.GetValueOrDefault(key);
        message ??= new WorkerMessages.HandOut { JobId = job, Epoch = epoch, Instance = instance.Id, Run = instance.Run };
        handOuts[key] = (host ?? instance.Host, message with
        {
            Items = [.. message.Items, .. items],
            Recorded = [.. message.Recorded, .. recorded],
            Leave = message.Leave || leave,
        }, instance);
    }

    /// <summary>Moves the hand-outs to the messages, each to the host that its instance was on, and cuts what is long into pages.</summary>
    internal void Close()
    {
        foreach (var (host, message, instance) in handOuts.Values)
        {
            if (host is not null)
            {
                // Only now it stands where it will be when it has left.
                ToWorkers.Add((host, message.Leave ? message with { LeaveAs = instance.Status } : message));
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

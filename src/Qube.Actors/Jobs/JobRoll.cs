using System.Collections.Concurrent;
using Akka.Actor;
using Qube.Contracts;

namespace Qube.Actors.Jobs;

/// <summary>The jobs of this process that answer a roll call: those that have ever said a demand, or may have said one in an earlier life. (Not the system's
/// event stream, which looks through all its subscribers for each that comes or goes: making a farm's jobs would cost by the square of their number.)</summary>
/// <remarks>In slices, so that a sweep need not be a burst. Thread-safe.</remarks>
public sealed class JobRoll
{
    /// <summary>A slice a second is a sweep in so many seconds.</summary>
    public const int Slices = 20;

    private readonly ConcurrentDictionary<long, IActorRef>[] slices = [.. Enumerable.Range(0, Slices).Select(_ => new ConcurrentDictionary<long, IActorRef>())];

    /// <summary>How many there are.</summary>
    public int Count => slices.Sum(slice => slice.Count);

    public void Add(JobId id, IActorRef job) => slices[SliceOf(id)][id.Value] = job;

    /// <summary>Takes this life of the job off; a later one stays.</summary>
    public void Remove(JobId id, IActorRef job) => slices[SliceOf(id)].TryRemove(KeyValuePair.Create(id.Value, job));

    public void Tell(object message)
    {
        for (var slice = 0; slice < Slices; slice++)
        {
            Tell(message, slice);
        }
    }

    public void Tell(object message, int slice)
    {
        foreach (var (_, job) in slices[slice])
        {
            job.Tell(message, ActorRefs.NoSender);
        }
    }

    private static int SliceOf(JobId id) => (int)(id.Value % Slices);
}

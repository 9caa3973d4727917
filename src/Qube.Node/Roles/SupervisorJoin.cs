using Akka.Actor;
using Akka.Cluster;
using Qube.Actors;
using Qube.Actors.Farm;
using Qube.Actors.Workers;
using Qube.Contracts;

namespace Qube.Node.Roles;

/// <summary>How a supervisor comes into the farm.</summary>
internal static class SupervisorJoin
{
    private static readonly TimeSpan s_aloneLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a supervisor takes to start on a busy machine: all that are started at once are to find the first of the list.</summary>
    private static readonly TimeSpan s_foundAfter = TimeSpan.FromSeconds(15);

    /// <summary>Longer than any join takes: whoever is given up has to be started again.</summary>
    private static readonly TimeSpan s_aloneAfter = TimeSpan.FromSeconds(60);

    /// <summary>A single supervisor is a cluster by itself. One of several waits for the others as long as it takes: a majority that is not there cannot be
    /// had by giving up.</summary>
    /// <exception cref="InvalidOperationException">The others are in a farm without this one; started again it finds them.</exception>
    public static async Task Join(ActorSystem system, FarmSize size, ILogger log, CancellationToken cancel)
    {
        var cluster = Cluster.Get(system);
        if (size.Supervisors == 1)
        {
            await cluster.JoinAsync(cluster.SelfAddress, cancel).WaitAsync(s_aloneLimit, cancel);
            return;
        }

        FarmLog.WaitingForMajority(log, size.Majority, size.Supervisors);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(() => up.TrySetResult());
        cluster.RegisterOnMemberRemoved(() => up.TrySetException(new InvalidOperationException("the other supervisors have removed this one before it was up; start it again")));
        cluster.JoinSeedNodes(size.Seeds);

        var self = cluster.SelfAddress;
        var place = size.Seeds.ToList().IndexOf(self);
        var patience = new JoinPatience(place, (long)s_foundAfter.TotalMilliseconds, (long)s_aloneAfter.TotalMilliseconds);
        while (await Task.WhenAny(up.Task, Task.Delay(s_lookInterval, cancel)) != up.Task)
        {
            cancel.ThrowIfCancellationRequested();
            var answering = await Answering(system, size.Seeds.Where(seed => seed != self));
            var members = cluster.State.Members.Select(member => member.Address).ToHashSet();
            switch (patience.Next(Environment.TickCount64, members.Count > 0, size.Seeds.Take(Math.Max(place, 0)).Any(answering.Contains), answering.Any(seed => !members.Contains(seed))))
            {
                case JoinPatience.Step.Found:
                    FarmLog.EarlierSeedsSilent(log);
                    cluster.JoinSeedNodes([self, .. size.Seeds.Where(seed => seed != self)]);
                    break;
                case JoinPatience.Step.GiveUp:
                    throw new InvalidOperationException("other supervisors answer and are in a farm without this one, as after a cut network; start it again, and it joins them");
            }
        }

        await up.Task;
    }

    /// <summary>Waits for the farm's singleton, which waits for the database: one of several as long as it takes, as for the others.</summary>
    /// <exception cref="FarmAwayException">The only supervisor's own does not answer.</exception>
    /// <exception cref="InvalidOperationException">The others have removed this one meanwhile.</exception>
    public static async Task FarmAnswers(FarmRefs farm, ActorSystem system, FarmSize size, ILogger log, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var asked = farm.Farm.AskFarm<FarmMessages.LastId>(new FarmMessages.GetLastId(), "the farm", s_aloneLimit, cancel);
                if (await Task.WhenAny(asked, system.WhenTerminated) != asked)
                {
                    throw new InvalidOperationException("the other supervisors have removed this one before it served; start it again");
                }

                await asked;
                return;
            }
            catch (FarmAwayException) when (size.Supervisors > 1)
            {
                FarmLog.WaitingForFarm(log);
            }
        }
    }

    /// <summary>A supervisor whose actors answer, whether it is in a farm yet or not.</summary>
    private static async Task<HashSet<Address>> Answering(ActorSystem system, IEnumerable<Address> seeds)
    {
        var answers = await Task.WhenAll(seeds.Select(async seed =>
        {
            try
            {
                await system.ActorSelection(new RootActorPath(seed) / "user" / GateActor.ActorName).ResolveOne(s_answerLimit);
                return seed;
            }
            catch (ActorNotFoundException)
            {
                return null;
            }
        }));
        return [.. answers.OfType<Address>()];
    }
}

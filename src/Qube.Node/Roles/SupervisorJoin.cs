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

    /// <summary>Longer than a busy machine takes to answer: who founds beside a farm that runs is of no use.</summary>
    private static readonly TimeSpan s_silent = TimeSpan.FromSeconds(15);

    /// <summary>Longer than any join takes: whoever is given up has to be started again.</summary>
    private static readonly TimeSpan s_strange = TimeSpan.FromSeconds(60);

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

        // Never itself first: whoever is first founds within seconds, whether it was heard or not.
        var self = cluster.SelfAddress;
        Address[] others = [.. size.Seeds.Where(seed => seed != self)];
        cluster.JoinSeedNodes([.. others, self]);
        var place = size.Seeds.ToList().IndexOf(self);
        var patience = new JoinPatience(place, (long)s_silent.TotalMilliseconds, (long)s_strange.TotalMilliseconds);
        while (await Task.WhenAny(up.Task, Task.Delay(s_lookInterval, cancel)) != up.Task)
        {
            cancel.ThrowIfCancellationRequested();
            var seen = await Task.WhenAll(size.Seeds.Select(seed => seed == self ? Task.FromResult(JoinPatience.Seed.Waits) : Look(system, seed)));
            var members = cluster.State.Members.Select(member => member.Address).ToHashSet();
            switch (patience.Next(Environment.TickCount64, members.Count > 0, seen, size.Seeds.Where((seed, at) => seed != self && seen[at] != JoinPatience.Seed.Silent && !members.Contains(seed)).Any()))
            {
                case JoinPatience.Step.Found:
                    FarmLog.Founds(log);
                    cluster.JoinSeedNodes([self, .. others]);
                    break;
                case JoinPatience.Step.GiveUp:
                    throw new InvalidOperationException("other supervisors answer and are in a farm without this one, as after a cut network; start it again, and it joins them");
            }
        }

        await up.Task;
        system.ActorOf(Props.Create(() => new UpSign()), UpSign.ActorName);
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

    private static async Task<JoinPatience.Seed> Look(ActorSystem system, Address seed)
    {
        var answers = await Task.WhenAll(Answers(GateActor.ActorName), Answers(UpSign.ActorName));
        return answers switch
        {
            [_, true] => JoinPatience.Seed.IsUp,
            [true, _] => JoinPatience.Seed.Waits,
            _ => JoinPatience.Seed.Silent,
        };

        async Task<bool> Answers(string actor)
        {
            try
            {
                await system.ActorSelection(new RootActorPath(seed) / "user" / actor).ResolveOne(s_answerLimit);
                return true;
            }
            catch (ActorNotFoundException)
            {
                return false;
            }
        }
    }

    /// <summary>It is there: so says a supervisor that it is up, to others that ask whether there is such an actor.</summary>
    private sealed class UpSign : UntypedActor
    {
        public const string ActorName = "up";

        protected override void OnReceive(object message) => Unhandled(message);
    }
}

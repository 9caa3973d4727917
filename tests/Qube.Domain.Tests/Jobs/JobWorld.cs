using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;

namespace Qube.Domain.Tests.Jobs;

/// <summary>One job, an honest worker and dispatcher in memory: messages are lost, repeated and reordered by a seeded random, verbs come at any time,
/// and the job may lose its memory and recover from its log. The checks stand apart, in the tests.</summary>
internal sealed class JobWorld
{
    private readonly Random random;
    private readonly List<object> log = [];
    private readonly Dictionary<(int Seq, int Instance, int Try), int> starts = [];
    private readonly Dictionary<int, List<WorkerMessages.RunItem>> atWorker = [];
    private readonly Dictionary<int, int> runs = [];
    private readonly List<WorkerMessages.Report> unrecorded = [];
    private readonly HashSet<int> suspended = [];
    private readonly List<WorkerMessages.Report> words = [];
    private JobDecider decider;
    private long nowMs = 1_000_000;
    private long grant;
    private int workerEpoch;

    public JobWorld(int seed, int items, int instances, int retryWork = -1, int limitSeconds = 0)
    {
        random = new Random(seed);
        var created = new JobEvents.Created
        {
            AtMs = nowMs,
            Spec = new JobSpec
            {
                JobId = new JobId(250),
                Pgrp = 250,
                Prototype = "cmdrange",
                Instances = instances,
                RetryWork = retryWork,
                RetrySubjob = retryWork,
                TimeoutSeconds = limitSeconds / 2,
                AgendaTimeoutSeconds = limitSeconds / 4,
                AgendaTimeLimitSeconds = limitSeconds / 2,
                TimeLimitSeconds = limitSeconds,
                Agenda = items == 0 ? null : Agenda.OfFrames(FrameRange.Parse($"1-{items}").Required()).Required().ToSpec(),
            },
        };
        log.Add(created);
        decider = new JobDecider(new JobState(created), new JobDeciderOptions());
        decider.Start(nowMs);
        Commit();
    }

    public JobState State => decider.State;

    public bool IsStateOfLog => decider.IsStateOfLog;

    public IReadOnlyList<object> Log => log;

    /// <summary>Which tries of which items were started, by the launcher's own key.</summary>
    public IReadOnlyDictionary<(int Seq, int Instance, int Try), int> Starts => starts;

    public void Step(bool withFailures, bool withVerbs)
    {
        nowMs += random.Next(1, 5000);
        switch (random.Next(withVerbs ? 8 : 6))
        {
            case 0 or 1:
                Grant();
                break;
            case 2 or 3:
                WorkerStep(withFailures);
                break;
            case 4:
                decider.OnTimer(nowMs);
                break;
            case 5 when random.Next(4) == 0:
                Recover();
                break;
            case 6 or 7:
                Verb();
                break;
        }

        Resend();
        Commit();
    }

    /// <summary>Everything is granted, run and reported until nothing changes.</summary>
    public void RunToEnd(int stepLimit = 20_000)
    {
        for (var step = 0; step < stepLimit && !State.Status.IsTerminal(); step++)
        {
            nowMs += 100;
            Grant();
            Commit();
            WorkerStep(withFailures: false);
            Resend();
            Commit();
        }
    }

    private void Commit()
    {
        var (batch, outbox) = decider.Take(nowMs);
        if (batch is not null)
        {
            log.Add(batch);
        }

        foreach (var (_, message) in outbox.ToWorkers)
        {
            Deliver(message);
            if (random.Next(3) == 0)
            {
                Deliver(message);
            }
        }

        foreach (var attempt in outbox.Attempts)
        {
            Forget(attempt.Seq, attempt.Attempt.Attempt);
        }
    }

    private void Deliver(object message)
    {
        switch (message)
        {
            case WorkerMessages.SyncInstances sync when sync.Epoch >= workerEpoch:
                workerEpoch = sync.Epoch;
                foreach (var instance in sync.Instances)
                {
                    Take(instance.Instance, instance.Run, instance.Items);
                    _ = instance.Suspended ? suspended.Add(instance.Instance) : suspended.Remove(instance.Instance);
                    if (random.Next(2) == 0)
                    {
                        // Its word that it is so, which may be lost; the job asks again until it hears it.
                        words.Add(
                            new WorkerMessages.Report
                            {
                                JobId = new JobId(250),
                                Host = "h1",
                                Instance = instance.Instance,
                                Run = instance.Run,
                                Epoch = workerEpoch,
                                InHand = atWorker[instance.Instance].Count,
                                Suspended = instance.Suspended,
                            });
                    }
                }

                break;
            case WorkerMessages.HandOut handOut when handOut.Epoch >= workerEpoch:
                for (var index = 0; index + 1 < handOut.Recorded.Length; index += 2)
                {
                    Forget(handOut.Recorded[index], handOut.Recorded[index + 1]);
                }

                Take(handOut.Instance, handOut.Run, handOut.Items);
                break;
            case WorkerMessages.SuspendInstance suspend when suspend.Epoch >= workerEpoch && runs.GetValueOrDefault(suspend.Instance) == suspend.Run:
                _ = suspend.Suspended ? suspended.Add(suspend.Instance) : suspended.Remove(suspend.Instance);
                break;
            case WorkerMessages.StopItems stop when stop.Epoch >= workerEpoch && runs.GetValueOrDefault(stop.Instance) == stop.Run:
                foreach (var item in atWorker[stop.Instance].Where(item => stop.Items is null || stop.Items.Chunk(2).Any(pair => pair[0] == item.Seq && pair[1] == item.Attempt)).ToList())
                {
                    Finish(stop.Instance, item, EndOutcome.Stopped);
                }

                break;
        }
    }

    private void Take(int instance, int run, WorkerMessages.RunItem[] items)
    {
        if (run < runs.GetValueOrDefault(instance))
        {
            return;
        }

        runs[instance] = run;
        var held = atWorker.TryGetValue(instance, out var list) ? list : atWorker[instance] = [];
        foreach (var item in items)
        {
            var key = (item.Seq, instance, item.Attempt);
            if (!starts.ContainsKey(key))
            {
                starts[key] = 1;
                held.Add(item);
            }
        }
    }

    private void WorkerStep(bool withFailures)
    {
        var busy = atWorker.Where(entry => entry.Value.Count > 0 && !suspended.Contains(entry.Key)).ToList();
        if (busy.Count > 0)
        {
            var (instance, items) = busy[random.Next(busy.Count)];
            var outcome = !withFailures ? EndOutcome.Succeeded : random.Next(6) switch { 0 => EndOutcome.Failed, 1 => EndOutcome.Lost, _ => EndOutcome.Succeeded };
            Finish(instance, items[0], outcome);
        }
    }

    private void Finish(int instance, WorkerMessages.RunItem item, EndOutcome outcome)
    {
        atWorker[instance].Remove(item);
        unrecorded.Add(new WorkerMessages.Report
        {
            JobId = new JobId(250),
            Host = "h1",
            Instance = instance,
            Run = runs[instance],
            Ended =
            [
                new WorkerMessages.ItemEnd
                {
                    Seq = item.Seq,
                    Attempt = item.Attempt,
                    Outcome = outcome,
                    ExitCode = outcome == EndOutcome.Failed ? 1 : 0,
                    StartedMs = nowMs - 10,
                    EndedMs = nowMs,
                },
            ],
        });
    }

    private void Forget(int seq, int attempt) =>
        unrecorded.RemoveAll(report => report.Ended[0].Seq == seq && report.Ended[0].Attempt == attempt);

    /// <summary>Reports are said again until recorded, in any order.</summary>
    private void Resend()
    {
        foreach (var word in words)
        {
            decider.OnReport(word, nowMs);
        }

        words.Clear();
        foreach (var report in unrecorded.OrderBy(_ => random.Next()).ToList())
        {
            decider.OnReport(report with { Epoch = workerEpoch, Suspended = suspended.Contains(report.Instance) }, nowMs);
        }
    }

    private void Grant()
    {
        if (decider.Demand().Wanted > 0)
        {
            decider.OnGrant(new DispatchMessages.Grant { JobId = new JobId(250), GrantId = ++grant, Host = "h1", Incarnation = "i", Allocations = ["host.processors=1"], Slots = [1] }, nowMs);
        }
    }

    private void Verb()
    {
        if (random.Next(6) == 0)
        {
            Modify();
            return;
        }

        var verb = (JobVerb)random.Next(1, (int)JobVerb.Bottom + 1);
        if (verb == JobVerb.Remove)
        {
            return;
        }

        decider.OnControl(
            new JobMessages.ControlJob
            {
                JobId = new JobId(250),
                RequestId = random.Next(20).ToString(System.Globalization.CultureInfo.InvariantCulture),
                Verb = verb,
                Scope = (VerbScope)random.Next(3),
                Items = random.Next(2) == 0 ? [] : [random.Next(1, 9).ToString(System.Globalization.CultureInfo.InvariantCulture)],
                Instances = random.Next(2) == 0 ? [] : [random.Next(4)],
                FromCallback = random.Next(2) == 0,
            },
            this,
            nowMs);
    }

    private void Modify()
    {
        var change = random.Next(4) switch
        {
            0 => $"{{\"cpus\":{random.Next(1, 7)}}}",
            1 => $"{{\"priority\":{random.Next(1, 4)}}}",
            2 => $"{{\"agenda_timelimit\":{random.Next(-1, 60)},\"timeout\":{random.Next(-1, 60)}}}",
            _ => "{\"name\":\"n\",\"env\":{\"A\":1}}",
        };
        decider.OnModify(new JobMessages.ModifyJob { JobId = new JobId(250), RequestId = $"m{random.Next(40)}", Params = change }, this, nowMs);
    }

    /// <summary>What was not committed is gone; the log makes the job again, and it says to its worker what it thinks is there.</summary>
    private void Recover()
    {
        decider = new JobDecider(Replay(), new JobDeciderOptions());
        decider.Start(nowMs);
        Commit();
        decider.OnHostArrived("h1", "i");
    }

    public JobState Replay() => Replay(log);

    public static JobState Replay(IEnumerable<object> log)
    {
        var state = new JobState((JobEvents.Created)log.First());
        foreach (var batch in log.Skip(1).Cast<JobEvents.Batch>())
        {
            state.Apply(batch);
        }

        return state;
    }
}

using Qube.Contracts;
using Qube.Domain.Jobs;
using Qube.Domain.Ranges;

namespace Qube.Domain.Tests.Jobs;

/// <summary>One job that is told what happens, a batch per word, and says what became events of it: <c>complete-work-1</c>, <c>done-job</c>.</summary>
internal sealed class ScriptedJob
{
    private readonly List<object> log = [];
    private readonly List<string> events = [];
    private readonly List<object> sent = [];
    private JobDecider decider;
    private bool together;
    private long grant;
    private int requests;

    public ScriptedJob(int items, int cpus = 1, Func<JobSpec, JobSpec>? change = null)
    {
        var spec = new JobSpec
        {
            JobId = new JobId(250),
            Pgrp = 250,
            Label = "qube0",
            Prototype = items > 0 ? "cmdrange" : "cmdline",
            Instances = cpus,
            Agenda = items == 0 ? null : Agenda.OfFrames(FrameRange.Parse($"1-{items}").Required()).Required().ToSpec(),
            Command = new CommandSpec { CmdLine = "true" },
            Body = """{"package":{"cmdline":"true"}}""",
        };
        var created = new JobEvents.Created { AtMs = NowMs, Spec = change?.Invoke(spec) ?? spec };
        log.Add(created);
        decider = new JobDecider(new JobState(created), new JobDeciderOptions());
        Add(Lifecycle.Of(created));
        decider.Start(NowMs);
        Commit();
    }

    public long NowMs { get; private set; } = 1_000_000;

    public JobState State => decider.State;

    public DispatchMessages.Demand Demand => decider.Demand();

    /// <summary>What was sent to workers and groups since the last look.</summary>
    public List<T> Sent<T>() => [.. sent.OfType<T>()];

    public JobMessages.ControlDone? Answer { get; private set; }

    /// <summary>The events since the last look, in order.</summary>
    public string Look()
    {
        var seen = string.Join(' ', events);
        events.Clear();
        sent.Clear();
        return seen;
    }

    /// <summary>All of it in one batch, as when it arrives while a write is in flight.</summary>
    public ScriptedJob Together(Action<ScriptedJob> words)
    {
        together = true;
        words(this);
        together = false;
        return Commit();
    }

    public ScriptedJob Grant(string host = "h1", FlightChecks checks = FlightChecks.None)
    {
        decider.OnGrant(new DispatchMessages.Grant { JobId = State.Spec.JobId, GrantId = ++grant, Host = host, Incarnation = "i", Allocations = ["host.processors=1"], Slots = [1], FlightChecks = checks }, NowMs);
        return Commit();
    }

    /// <summary>The instance's worker says that it is there.</summary>
    public ScriptedJob Start(int instance = 0) => Report(instance, report => report);

    public ScriptedJob Begin(string host = "h1", int instance = 0) => Grant(host).Start(instance);

    /// <summary>A process ends, after a second; its item is 0 where there are none.</summary>
    public ScriptedJob End(int item = 0, EndOutcome outcome = EndOutcome.Succeeded, int instance = 0)
    {
        var seq = item - 1;
        return Report(instance, report => report with
        {
            Ended =
            [
                new WorkerMessages.ItemEnd
                {
                    Seq = seq,
                    Attempt = seq < 0 ? State.Instances[instance].OwnTry : State.Items.RecordOf(seq).Try,
                    Outcome = outcome,
                    ExitCode = outcome == EndOutcome.Failed ? 1 : 0,
                    StartedMs = NowMs - 1000,
                    EndedMs = NowMs,
                },
            ],
        });
    }

    public ScriptedJob Verb(JobVerb verb, VerbScope scope = VerbScope.Job, int[]? instances = null, string[]? items = null, bool callback = false, bool single = false)
    {
        decider.OnControl(
            new JobMessages.ControlJob
            {
                JobId = State.Spec.JobId,
                RequestId = $"r{++requests}",
                Verb = verb,
                Scope = scope,
                Instances = instances ?? [],
                Items = items ?? [],
                FromCallback = callback,
                OnlyOne = single,
            },
            this,
            NowMs);
        return Commit();
    }

    public ScriptedJob Modify(string json, FarmMessages.GroupJoined? joined = null)
    {
        decider.OnModify(new JobMessages.ModifyJob { JobId = State.Spec.JobId, RequestId = $"r{++requests}", User = "ann", Params = json }, this, NowMs, joined);
        return Commit();
    }

    public FarmMessages.JoinGroup? GroupFor(string json) => decider.GroupFor(new JobMessages.ModifyJob { JobId = State.Spec.JobId, RequestId = "g", Params = json });

    public ScriptedJob LoseHost(string host = "h1")
    {
        decider.OnHostLost(host, "lost", NowMs);
        return Commit();
    }

    /// <summary>Time passes; the job's timer goes off as often as it asks for it.</summary>
    public ScriptedJob After(double seconds)
    {
        var end = NowMs + (long)(seconds * 1000);
        while (decider.NextTimerMs() is { } due && due <= end)
        {
            NowMs = Math.Max(NowMs + 1, due);
            decider.OnTimer(NowMs);
            Commit();
        }

        NowMs = Math.Max(NowMs, end);
        return this;
    }

    /// <summary>Time passes while nobody is there to see it.</summary>
    public ScriptedJob Sleep(double seconds)
    {
        NowMs += (long)(seconds * 1000);
        return this;
    }

    /// <summary>The job's memory is lost; its log makes it again, and the host says that it is there.</summary>
    public ScriptedJob Recover()
    {
        var state = new JobState((JobEvents.Created)log[0]);
        foreach (var batch in log.Skip(1).Cast<JobEvents.Batch>())
        {
            state.Apply(batch);
        }

        decider = new JobDecider(state, new JobDeciderOptions());
        decider.Start(NowMs);
        Commit();
        decider.OnHostArrived("h1", "i");
        return Commit();
    }

    private ScriptedJob Report(int instance, Func<WorkerMessages.Report, WorkerMessages.Report> with)
    {
        var known = State.Instances[instance];
        decider.OnReport(
            with(new WorkerMessages.Report
            {
                JobId = State.Spec.JobId,
                Epoch = State.Epoch,
                Host = known.Host ?? "h1",
                Instance = instance,
                Run = known.Run,
                InHand = known.InHand.Count,
                Suspended = known.Status == Status.Suspended,
            }),
            NowMs);
        return Commit();
    }

    private ScriptedJob Commit()
    {
        if (together)
        {
            return this;
        }

        var (batch, outbox) = decider.Take(NowMs);
        if (batch is not null)
        {
            log.Add(batch);
            Add(Lifecycle.Of(batch));
        }

        sent.AddRange(outbox.ToWorkers.Select(message => message.Message));
        sent.AddRange(outbox.ToOthers ?? []);
        Answer = outbox.Replies.Select(reply => reply.Message).OfType<JobMessages.ControlDone>().LastOrDefault() ?? Answer;
        return this;
    }

    private void Add(IReadOnlyList<LifecycleEvent> news) => events.AddRange(news.Select(Text));

    private string Text(LifecycleEvent e) => e.Subject switch
    {
        LifecycleSubject.Job => $"{e.Name}-job",
        LifecycleSubject.Subjob => $"{e.Name}-subjob-{e.Instance}",
        _ => $"{e.Name}-work-{string.Join(',', e.Items!.Chunk(2).Select(pair => pair[0] == pair[1] ? $"{pair[0] + 1}" : $"{pair[0] + 1}-{pair[1] + 1}"))}",
    };
}

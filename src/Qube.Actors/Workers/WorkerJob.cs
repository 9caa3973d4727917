using Qube.Contracts;
using Qube.Domain.Execution;

namespace Qube.Actors.Workers;

/// <summary>What a worker knows of a job that has something there.</summary>
public sealed class WorkerJob(long id)
{
    public long Id { get; } = id;

    /// <summary>The highest seen.</summary>
    public int Epoch { get; internal set; }

    public long Pgrp { get; private set; }

    public JobFlags Flags { get; private set; }

    public CommandSpec Command { get; private set; } = new();

    /// <summary>What its processes ask the API with.</summary>
    public Secret? Token { get; private set; }

    /// <summary>The expressions its output is read by.</summary>
    public OutputRules Rules { get; private set; } = OutputRules.None;

    /// <summary>It has said what it has here, to this incarnation.</summary>
    internal bool IsKnown { get; private set; }

    /// <summary>The launcher knows of a higher epoch: nothing starts before the job has spoken under it.</summary>
    internal bool IsFenced { get; set; }

    internal Dictionary<int, WorkerInstance> Instances { get; } = [];

    /// <summary>Only these two say anything about an item; the others are for display.</summary>
    internal bool ReadsOutput => !Rules.Errors.IsEmpty || !Rules.OutputPaths.IsEmpty;

    internal void Describe(WorkerMessages.SyncInstances sync)
    {
        if (!IsKnown || !IsSame(sync.Command, Command) || sync.Flags != Flags || sync.Pgrp != Pgrp || sync.Token != Token)
        {
            (Pgrp, Flags, Command, Token) = (sync.Pgrp, sync.Flags, sync.Command, sync.Token);
            Rules = ReadRules(sync.Command);
            foreach (var instance in Instances.Values)
            {
                instance.Template = null;
            }
        }

        IsKnown = true;
        IsFenced = false;
    }

    /// <summary>Refused at submission where they are wrong; one that came by another way reads nothing rather than stop the job.</summary>
    private static OutputRules ReadRules(CommandSpec command)
    {
        if (command.RegexErrors.Length == 0 && command.RegexOutputPaths.Length == 0)
        {
            return OutputRules.None;
        }

        var rules = OutputRules.Parse(new Dictionary<string, string>
        {
            [OutputRules.ErrorsKey] = command.RegexErrors,
            [OutputRules.OutputPathsKey] = command.RegexOutputPaths,
        });
        return rules.IsOk ? rules.Value : OutputRules.None;
    }

    private static bool IsSame(CommandSpec left, CommandSpec right) =>
        left.Env.AsSpan().SequenceEqual(right.Env)
        && left.ExportedEnv.AsSpan().SequenceEqual(right.ExportedEnv)
        && left with { Env = right.Env, ExportedEnv = right.ExportedEnv } == right;
}

using System.Globalization;
using Qube.Contracts;
using Qube.Contracts.Launching;
using Qube.Domain.Execution;

namespace Qube.Actors.Workers;

/// <summary>All that the processes of one instance have in common, worked out once: starting one costs what differs.</summary>
public sealed class LaunchTemplate
{
    private readonly string[] _environment;
    private readonly LaunchCommand? _constant;
    private readonly CommandSpec _command;
    private readonly PathMap _paths;
    private readonly string? _shell;
    private readonly string? _folder;
    private readonly bool _convertsPaths;
    private readonly LaunchCommand? _backEnd;
    private readonly WorkerInstance _instance;
    private readonly string _flightFolder;
    private readonly IReadOnlyList<string> _before;
    private readonly IReadOnlyList<string> _after;

    /// <param name="instance">Whose processes.</param>
    /// <param name="options">The host's.</param>
    /// <param name="baseEnvironment">What processes start from on this host.</param>
    /// <param name="logPath">Root of the job logs; empty sends output nowhere.</param>
    /// <param name="supervisor">What processes get as <c>QB_SUPERVISOR</c>.</param>
    public LaunchTemplate(
        WorkerInstance instance, WorkerOptions options, IReadOnlyDictionary<string, string> baseEnvironment, string logPath, string supervisor)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(options);
        var job = instance.Job;
        _instance = instance;
        _command = job.Command;
        _paths = options.PathMap;
        _convertsPaths = _command.ConvertsPaths || job.Flags.HasFlag(JobFlags.ConvertPath);
        _backEnd = _command.Prototype.Length > 0 ? BackEndOf(_command.Prototype, options) : null;
        _shell = _command.Shell.Length > 0 ? _command.Shell : null;
        _folder = _command.Cwd.Length == 0 ? null : _convertsPaths ? _paths.Convert(_command.Cwd) : _command.Cwd;
        _flightFolder = options.FlightCheckPath;
        (_before, _after) = (ChecksOf(_command.AgendaPreflights, ofItem: true, isPost: false), ChecksOf(_command.AgendaPostflights, ofItem: true, isPost: true));
        _environment = EnvironmentOf(instance, options, baseEnvironment, supervisor);
        if (logPath.Length > 0)
        {
            OutPath = LogPaths.Out(logPath, job.Id, instance.Id);
            ErrPath = LogPaths.Err(logPath, job.Id, instance.Id);
        }

        if (_backEnd is not null && HasItemChecks)
        {
            _environment = [.. _environment, "QUBE_FLIGHT_REPORT=" + FlightFolders.ReportPath(OutPath)];
        }

        if (!_command.CmdLine.Contains("QB_FRAME_", StringComparison.Ordinal))
        {
            _constant = CommandOf(null);
        }
    }

    /// <summary>Standard output of the instance; null where nothing is kept.</summary>
    public string? OutPath { get; }

    public string? ErrPath { get; }

    public LaunchRequest Build(RunningItem running, int epoch)
    {
        ArgumentNullException.ThrowIfNull(running);
        if (running.Item.Check != FlightPhase.None)
        {
            return new LaunchRequest(running.Key, epoch, ChecksOf(running), CheckEnvironment(running.Item), _folder, OutPath, ErrPath);
        }

        if (_backEnd is not null)
        {
            var checks = running.Key.Seq >= 0 && HasItemChecks
                ? new ItemChecks(_before, _after, EnvironmentOf(ItemTokens.Of(running.Item.Name, _command.Padding))[_environment.Length..])
                : null;
            return new LaunchRequest(running.Key, epoch, _backEnd, _environment, _folder, OutPath, ErrPath)
            {
                BackEnd = new BackEndItem(_instance.Run, BackEndItems.Json(running, _instance, checks)),
            };
        }

        if (running.Key.Seq < 0)
        {
            return new LaunchRequest(running.Key, epoch, _constant ?? CommandOf(null), _environment, _folder, OutPath, ErrPath);
        }

        var tokens = ItemTokens.Of(running.Item.Name, _command.Padding);
        LaunchCommand command = _constant ?? CommandOf(tokens);
        return new LaunchRequest(running.Key, epoch, HasItemChecks ? Checked(running.Key, command) : command, EnvironmentOf(tokens), _folder, OutPath, ErrPath);
    }

    private bool HasItemChecks => _before.Count > 0 || _after.Count > 0;

    private IReadOnlyList<string> ChecksOf(string list, bool ofItem, bool isPost) =>
        FlightFolders.Checks(list, _convertsPaths ? _paths : PathMap.Empty, _flightFolder, ofItem, isPost);

    private LaunchCommand.Program ChecksOf(RunningItem running)
    {
        var isPost = running.Item.Check == FlightPhase.Postflights;
        var checks = ChecksOf(isPost ? _command.Postflights : _command.Preflights, ofItem: false, isPost);
        return new(FlightCommand.OfInstance(FlightFolders.ReportPath(OutPath), running.Key.ToString(), isPost, checks));
    }

    private LaunchCommand.Program Checked(LaunchKey key, LaunchCommand command)
    {
        var line = (LaunchCommand.ShellLine)command;
        return new(FlightCommand.OfItem(FlightFolders.ReportPath(OutPath), key.ToString(), _before, line.ShellPath ?? "/bin/sh", line.Line, _after));
    }

    /// <summary>A check is no back end, whatever its job's type is.</summary>
    private string[] CheckEnvironment(WorkerMessages.RunItem item)
    {
        IEnumerable<string> own = _environment.Where(static variable => !variable.StartsWith("QUBE_BACKEND_FD=", StringComparison.Ordinal));
        return item.Check == FlightPhase.Postflights
            ? [.. own, "QB_INSTANCE_STATUS=" + item.Becomes.Name(), string.Create(CultureInfo.InvariantCulture, $"QB_SYSTEM_EXIT_CODE={item.LastExitCode}")]
            : [.. own];
    }

    private static string[] EnvironmentOf(
        WorkerInstance instance, WorkerOptions options, IReadOnlyDictionary<string, string> baseEnvironment, string supervisor)
    {
        var command = instance.Job.Command;
        var exported = instance.Job.Flags.HasFlag(JobFlags.ExportEnvironment) && command.ExportedEnv.Length > 0;
        IReadOnlyDictionary<string, string> variables = ProcessEnvironment.Of(
            new ProcessIdentity
            {
                JobId = instance.Job.Id,
                Instance = instance.Id,
                ProcessGroupId = instance.Job.Pgrp,
                Supervisor = supervisor,
                Domain = options.Domain,
                QubeFolder = options.QubeFolder,
                Allocations = instance.Allocations,
                Slots = instance.Slots,
                Padding = command.Padding,
            },
            exported ? ReadPairs(command.ExportedEnv) : baseEnvironment,
            ReadPairs(command.Env));
        if (command.Prototype.Length > 0 || instance.Job.Token is not null || options.CaFile is not null)
        {
            var more = new Dictionary<string, string>(variables, StringComparer.Ordinal);
            if (command.Prototype.Length > 0)
            {
                BackEndItems.AddVariables(more, command.Prototype, options);
            }

            AddAccess(more, instance, options);
            variables = more;
        }

        return [.. variables.Where(static variable => variable.Key != "QUBE_PATH_MAP").Select(static variable => $"{variable.Key}={variable.Value}"), BackEndItems.PathMapOf(options)];
    }

    /// <summary>Its own, and not what its submitter may have had.</summary>
    private static void AddAccess(Dictionary<string, string> variables, WorkerInstance instance, WorkerOptions options)
    {
        if (instance.Job.Token is { } token)
        {
            variables["QB_TOKEN"] = token.Value;
            variables.Remove("QB_TOKEN_FILE");
        }

        if (options.CaFile is { } authority)
        {
            variables["QB_CA_FILE"] = authority;
        }
    }

    /// <summary>A host is given only jobs of types that it has; one whose folder went since then fails where everybody can read why.</summary>
    private static LaunchCommand BackEndOf(string prototype, WorkerOptions options) =>
        options.BackEnds.TryGetValue(prototype, out var backEnd)
            ? new LaunchCommand.Program(backEnd.Arguments)
            : new LaunchCommand.ShellLine($"echo 'this host has no job type {prototype.Replace("'", "", StringComparison.Ordinal)}' >&2; exit 127");

    private static Dictionary<string, string> ReadPairs(string[] pairs)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        for (var i = 0; i + 1 < pairs.Length; i += 2)
        {
            variables[pairs[i]] = pairs[i + 1];
        }

        return variables;
    }

    /// <summary>The instance's environment holds none of these names: <see cref="ProcessEnvironment"/> keeps them out without an item.</summary>
    private string[] EnvironmentOf(ItemTokens item)
    {
        var environment = new string[_environment.Length + 9];
        _environment.CopyTo(environment, 0);
        var at = _environment.Length;
        environment[at++] = "QB_FRAME_NUMBER=" + item.Number;
        environment[at++] = "QB_FRAME_START=" + item.Start;
        environment[at++] = "QB_FRAME_END=" + item.End;
        environment[at++] = "QB_FRAME_STEP=" + item.Step;
        environment[at++] = "QB_FRAME_RANGE=" + item.Range;
        environment[at++] = "QB_PADDED_FRAME_NUMBER=" + item.PaddedNumber;
        environment[at++] = "QB_PADDED_FRAME_START=" + item.PaddedStart;
        environment[at++] = "QB_PADDED_FRAME_END=" + item.PaddedEnd;
        environment[at] = "QB_PADDED_FRAME_STEP=" + item.PaddedStep;
        return environment;
    }

    private LaunchCommand.ShellLine CommandOf(ItemTokens? item)
    {
        var line = CommandLine.Substitute(_command.CmdLine, item, _paths);
        return new LaunchCommand.ShellLine(_convertsPaths ? _paths.Convert(line) : line, _shell);
    }
}

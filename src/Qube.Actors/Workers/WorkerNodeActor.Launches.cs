using Akka.Actor;
using Akka.Event;
using Qube.Contracts;

namespace Qube.Actors.Workers;

/// <content>Processes and their files.</content>
public sealed partial class WorkerNodeActor
{
    private void Launch(LaunchOrder order)
    {
        var instance = order.Instance;
        var template = instance.Template ??= new LaunchTemplate(instance, _options, _baseEnvironment, _logPath, _supervisor);
        if (_options.HasLogFiles && template.OutPath is not null)
        {
            PrepareLogs(order, template);
        }

        CrashPoints.Pass(WorkerCrashPoints.BeforeLaunch);
        _launcher!.Start(template.Build(order.Item, instance.Job.Epoch));
        CrashPoints.Pass(WorkerCrashPoints.AfterLaunch);
    }

    private void PrepareLogs(LaunchOrder order, LaunchTemplate template)
    {
        var instance = order.Instance;
        try
        {
            if (instance.NeedsMarker)
            {
                instance.NeedsMarker = false;
                InstanceLogs.AppendMarker(template.OutPath!, _time.GetLocalNow());
            }

            if (instance.Job.ReadsOutput)
            {
                order.Item.OutOffset = InstanceLogs.LengthOf(template.OutPath);
                order.Item.ErrOffset = InstanceLogs.LengthOf(template.ErrPath);
                InstanceLogs.SaveStart(template.OutPath!, order.Item.Key, order.Item.OutOffset, order.Item.ErrOffset);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The launcher meets the same disk and says so for the item; its job must hear that from one place.
            _log.Warning("log files of {0}: {1}", order.Item.Key, exception.Message);
        }
    }

    /// <summary>The lengths are taken now, before the instance's next item writes to the same files; the reading is done beside.</summary>
    private void Read(ReadOrder order)
    {
        var instance = order.Instance;
        var key = order.Item.End.Key;
        var template = instance.Template ??= new LaunchTemplate(instance, _options, _baseEnvironment, _logPath, _supervisor);
        if (!_options.HasLogFiles || template.OutPath is null)
        {
            Self.Tell(new OutputRead(key, default));
            return;
        }

        var (rules, running) = (instance.Job.Rules, order.Item.Running);
        var (outPath, errPath) = (template.OutPath, template.ErrPath);
        var readsOutput = WorkerInstances.ReadsOutput(instance, key);
        var mayHaveFailedCheck = order.Item.End.Code != 0;
        var (outLength, errLength) = (InstanceLogs.LengthOf(outPath), InstanceLogs.LengthOf(errPath));
        Task.Run(() =>
        {
            var check = mayHaveFailedCheck ? FlightFolders.ReasonOf(outPath, key) : null;
            if (!readsOutput)
            {
                return new OutputVerdict(null, null, check);
            }

            var (output, errors) = running is { OutOffset: >= 0 }
                ? ((running.OutOffset, outLength), (running.ErrOffset, errLength))
                : InstanceLogs.LoadStretches(outPath, key, outLength, errLength);
            return OutputReader.Read(rules, new(outPath, output.Item1, output.Item2), new(errPath, errors.Item1, errors.Item2)) with { Check = check };
        }).PipeTo(
            Self,
            success: verdict => new OutputRead(key, verdict),
            failure: cause => new OutputRead(key, new OutputVerdict($"its output cannot be read: {cause.Message}", "")));
    }
}

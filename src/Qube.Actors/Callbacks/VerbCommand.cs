using System.Globalization;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <summary>A qube-language verb as the command it stands for (spec/callbacks.md §11).</summary>
internal static class VerbCommand
{
    public static JobMessages.ControlJob? Of(JobId job, FiringRecord record)
    {
        var words = record.Callback.Code.Trim().ToLowerInvariant().Split('-');
        if (VerbOf(words[0]) is not { } verb)
        {
            return null;
        }

        var command = new JobMessages.ControlJob
        {
            JobId = job,
            RequestId = record.Key,
            Verb = verb,
            User = record.Callback.User,
            Depth = record.Depth,
            FromCallback = true,
        };
        return words.Length > 2 && words[1] == "work" ? OfItems(command, record)
            : words.Length > 2 && words[1] == "subjob" ? command with { Instances = Instances(record.Firing.Instances), OnlyOne = words[^1] == "single" }
            : command;
    }

    private static JobVerb? VerbOf(string word) => word switch
    {
        "complete" => JobVerb.Retire,
        _ => Enum.TryParse<JobVerb>(word, ignoreCase: true, out var verb) && verb != JobVerb.None ? verb : null,
    };

    private static JobMessages.ControlJob OfItems(JobMessages.ControlJob command, FiringRecord record)
    {
        if (record.Callback.TargetItem is { } target)
        {
            return command with { Scope = VerbScope.Work, Items = [target] };
        }

        return command with
        {
            Scope = VerbScope.Work,
            Items = [.. record.Firing.Works.Others],
            Intervals = [.. record.Firing.Works.Intervals.SelectMany(interval => (long[])[interval.First, interval.Last])],
        };
    }

    private static int[] Instances(NameSet names) =>
        [.. names.Select(name => int.TryParse(name, NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) ? id : -1).Where(id => id >= 0)];
}

using System.Collections.Immutable;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>Which existing jobs must be asked before a submission can be decided.</summary>
public static class SubmissionReferences
{
    /// <summary>Ids named by triggers and dependencies, as such, as parent or by the label of a member.</summary>
    public static IReadOnlyCollection<long> Of(SubmissionDraft draft, ImmutableArray<GroupMember> members)
    {
        ArgumentNullException.ThrowIfNull(draft);
        string[] labels = [.. members.Select(member => member.Label), .. draft.Jobs.Select(job => job.Label).Where(label => label.Length > 0)];
        var ids = new SortedSet<long>();
        foreach (var job in draft.Jobs)
        {
            foreach (var context in Contexts(job, labels))
            {
                var id = context.Kind switch
                {
                    ContextKind.Job => context.JobId,
                    ContextKind.Parent => job.Pid,
                    ContextKind.Label => MemberOf(members, labels, context.Label),
                    _ => 0,
                };
                if (id > 0)
                {
                    ids.Add(id);
                }
            }
        }

        ids.Remove(1);
        if (draft.Jobs.Any(job => Contexts(job, labels).Any(context => context.Kind == ContextKind.Job && context.JobId == 1)))
        {
            // A pid of 1 means no parent; job 1 named outright is a job like any other.
            ids.Add(1);
        }

        return ids;
    }

    private static IEnumerable<TriggerContext> Contexts(JobDraft job, string[] labels)
    {
        var triggers = job.Callbacks
            .SelectMany(callback => callback.Triggers)
            .SelectMany(text => TriggerParser.Parse(text, labels).Expression?.Patterns() ?? [])
            .Select(pattern => pattern.Context);
        var links = new[] { job.Dependency, job.WaitFor }
            .SelectMany(text => DependencyParser.Parse(text).Spec?.Links ?? [])
            .Select(link => link.Target);
        return triggers.Concat(links);
    }

    private static long MemberOf(ImmutableArray<GroupMember> members, string[] labels, string written)
    {
        var label = LabelMatch.Find(labels, written);
        return label is null ? 0 : members.FirstOrDefault(member => member.Label == label).JobId;
    }
}

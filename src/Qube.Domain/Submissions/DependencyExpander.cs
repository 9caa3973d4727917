using System.Collections.Immutable;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>
/// Turns <c>dependency</c> and <c>waitfor</c> into internal callbacks (spec/callbacks.md §16.1): the job starts blocked, with all its items
/// where a link is by item, and is opened by them. Job links in one list with item links are gates of every item; instance links in such
/// a list are gates too, because an item that is opened opens the instances with it.
/// </summary>
internal static class DependencyExpander
{
    /// <summary>More callbacks than this for items without a counterpart are refused: such a job is linked by mistake.</summary>
    public const int MaxExplicitLinks = 100_000;

    public static (JobSpec Spec, SubmissionError? Error) Expand(JobDraft job, JobSpec spec, SubmissionScope scope, List<string> warnings)
    {
        var own = DependencyParser.Parse(job.Dependency).Spec ?? new(false, []);
        var gates = DependencyParser.Parse(job.WaitFor).Spec ?? new(false, []);
        var resolver = new LinkResolver(job, spec, scope, warnings);
        var links = resolver.Resolve(own, job.Dependency, "dependency");
        var gateLinks = resolver.Resolve(gates, job.WaitFor, "waitfor");

        // Clients write a waitfor into the dependency as well.
        gateLinks.RemoveAll(gate => !own.IsAny && links.Exists(link => link.Link == gate.Link));
        if (resolver.Error is not null)
        {
            return (spec, resolver.Error);
        }

        if (links.Count + gateLinks.Count == 0)
        {
            return (spec, null);
        }

        var alternatives = own.IsAny && links.Count > 1
            ? links.ConvertAll<List<ResolvedLink>>(link => [link, .. gateLinks.Select(gate => gate.OfJob())])
            : [[.. links, .. gateLinks]];
        var expansion = new Expansion(job, spec, warnings);
        if (alternatives.Count > 1 && gateLinks.Count == 0 && links.TrueForAll(link => link.Type == SubjectType.Job))
        {
            expansion.Add(new AnyOf([.. links.Select(link => link.Pattern)]), "unblock-self");
        }
        else
        {
            alternatives.ForEach(expansion.AddAlternative);
        }

        return expansion.Finish();
    }

    private sealed class Expansion(JobDraft job, JobSpec spec, List<string> warnings)
    {
        private readonly List<CallbackSpec> _callbacks = [];
        private readonly List<List<ResolvedLink>> _whole = [];
        private bool _holdsItems;
        private int _explicit;

        public void Add(TriggerExpression expression, string verb, string? targetItem = null) => _callbacks.Add(new()
        {
            Triggers = expression.ToString(),
            Language = CallbackLanguages.Dependency,
            Code = verb,
            User = spec.User,
            Catchup = true,
            TargetItem = targetItem,
        });

        public void AddAlternative(List<ResolvedLink> links)
        {
            if (job.Agenda is null)
            {
                // A job without items cannot wait item by item.
                links = links.ConvertAll(link => link.Type == SubjectType.Work ? link.OfJob() : link);
            }

            if (links.Exists(link => link.Type == SubjectType.Work))
            {
                AddByItem(links);
            }
            else if (links.Exists(link => link.Type == SubjectType.Subjob))
            {
                AddByInstance(links);
            }
            else
            {
                // Whether it opens the items too is known when all alternatives are.
                _whole.Add(links);
            }
        }

        public (JobSpec Spec, SubmissionError? Error) Finish()
        {
            foreach (var links in _whole)
            {
                Add(All([.. links.Select(link => link.Pattern)]), _holdsItems ? "unblock-work-self" : "unblock-self");
            }

            if (_explicit > MaxExplicitLinks)
            {
                return (spec, new(
                    $"{job.Title}, dependency: {_explicit} items have no item of the same name to wait for; at most {MaxExplicitLinks} are linked by their frames",
                    job.Key,
                    "dependency"));
            }

            var last = (job.Agenda?.Count ?? 0) - 1;
            return (spec with
            {
                Blocked = true,
                BlockedItems = _holdsItems ? [0, last] : spec.BlockedItems,
                Callbacks = [.. _callbacks],
            }, null);
        }

        private static TriggerExpression All(ImmutableArray<TriggerExpression> patterns) =>
            patterns.Length == 1 ? patterns[0] : new AllOf(patterns);

        private void AddByItem(List<ResolvedLink> links)
        {
            _holdsItems = true;
            ResolvedLink[] byItem = [.. links.Where(link => link.Type == SubjectType.Work)];
            EventPattern[] gates = [.. links.Where(link => link.Type != SubjectType.Work).Select(link => link.OfJob().Pattern)];
            var items = new ItemLinks(job.Agenda!, byItem);
            if (items.AreAllWhole)
            {
                Add(All([.. gates, .. byItem.Select(link => link.OfJob().Pattern)]), "unblock-work-self");
                return;
            }

            if (items.HasMatched)
            {
                Add(All([.. gates, .. byItem.Select(link => link.Pattern)]), "unblock-work-self");
            }

            _explicit += items.Unmatched.Count;
            if (_explicit > MaxExplicitLinks)
            {
                return;
            }

            foreach (var seq in items.Unmatched)
            {
                Add(All([.. gates, .. items.ConditionsOf(seq)]), "unblock-work-self", job.Agenda!.NameOf(seq));
            }

            if (items.Shortened > 0)
            {
                warnings.Add(
                    $"{job.Title}, dependency: {items.Shortened} items overlap with more than {ItemLinks.MaxOverlap} items each and wait for the whole job instead");
            }
        }

        private void AddByInstance(List<ResolvedLink> links)
        {
            TriggerExpression[] gates = [.. links.Where(link => link.Type == SubjectType.Job).Select(link => link.Pattern)];
            ResolvedLink[] byInstance = [.. links.Where(link => link.Type == SubjectType.Subjob)];
            Add(All([.. gates, .. byInstance.Select(link => link.Pattern)]), "unblock-subjob-self");
            if (Array.Exists(byInstance, link => link.Job is { } target && target.Instances < spec.Instances))
            {
                // Instances without a counterpart wait for the whole job (Q16); when that is over, so are all its instances.
                Add(All([.. gates, .. byInstance.Select(link => link.OfJob().Pattern)]), "unblock-subjob-self");
            }
        }
    }
}

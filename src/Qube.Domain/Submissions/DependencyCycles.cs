using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>
/// Finds jobs of one submission whose <c>dependency</c> makes them wait for each other for ever (design §5). With alternatives
/// (<c>OR</c>) a circle is no deadlock as long as one alternative leads out of it.
/// </summary>
internal static class DependencyCycles
{
    public static SubmissionError? Find(SubmissionDraft draft, JobSpec[] specs, SubmissionScope scope)
    {
        var waits = new Wait[specs.Length];
        for (var at = 0; at < specs.Length; at++)
        {
            var own = DependencyParser.Parse(draft.Jobs[at].Dependency).Spec ?? new(false, []);
            var gates = DependencyParser.Parse(draft.Jobs[at].WaitFor).Spec ?? new(false, []);
            waits[at] = new(own.IsAny, Targets(own, specs, at, scope), Targets(gates, specs, at, scope));
        }

        var free = new bool[specs.Length];
        for (var changed = true; changed;)
        {
            changed = false;
            for (var at = 0; at < specs.Length; at++)
            {
                if (!free[at] && waits[at].IsFree(free))
                {
                    free[at] = changed = true;
                }
            }
        }

        var stuck = Array.IndexOf(free, false);
        if (stuck < 0)
        {
            return null;
        }

        var path = new List<int>();
        for (; !path.Contains(stuck); stuck = waits[stuck].FirstStuck(free))
        {
            path.Add(stuck);
        }

        var circle = path[path.IndexOf(stuck)..];
        var text = string.Join(", ", circle.Select((job, at) => $"{specs[job].Label} waits for {specs[circle[(at + 1) % circle.Count]].Label}"));
        var first = draft.Jobs[circle[0]];
        return new($"{first.Title}, dependency: a cycle, none of these jobs could ever start: {text}", first.Key, "dependency");
    }

    /// <summary>Per link the place in the batch, or -1 for a job outside it.</summary>
    private static int[] Targets(DependencySpec spec, JobSpec[] specs, int owner, SubmissionScope scope) =>
    [
        .. spec.Links.Select(link => link.Target.Kind == ContextKind.Label && scope.Resolve(link.Target, specs[owner]) is { } id && scope.IsInBatch(id)
            ? (int)(id - specs[0].JobId.Value)
            : -1),
    ];

    private sealed record Wait(bool IsAny, int[] Links, int[] Gates)
    {
        public bool IsFree(bool[] free)
        {
            bool Passes(int target) => target < 0 || free[target];
            return Gates.All(Passes) && (Links.Length == 0 || (IsAny ? Links.Any(Passes) : Links.All(Passes)));
        }

        public int FirstStuck(bool[] free) => Gates.Concat(Links).First(target => target >= 0 && !free[target]);
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Qube.Contracts;
using Qube.Domain.Ranges;
using Qube.Domain.Submissions;
using Qube.Triggers;

namespace Qube.Domain.Explaining;

/// <summary>Turns one callback's trigger and what is remembered of it into a tree for people.</summary>
internal sealed class TriggerExplainer(ExplanationParts parts, ExplainMessages.TriggerView view)
{
    /// <summary>Deeper operators are shown as their text: nobody reads a tree of a hundred levels, and JSON readers refuse it.</summary>
    private const int MaxDepth = 12;

    private readonly Dictionary<int, ExplainMessages.LeafView> _leaves = view.Leaves.ToDictionary(leaf => leaf.Ordinal);
    private readonly Dictionary<int, string> _misspelt = [];
    private readonly Dictionary<long, KnownJob?> _known = [];
    private int _next;

    public ExplainedNode Explain()
    {
        if (TriggerParser.Parse(view.Callback.Triggers, parts.TriggerLabels).Expression is not { } expression)
        {
            return new() { Kind = "event", Text = view.Callback.Triggers, State = LeafState.Never, Why = "it cannot be read any more" };
        }

        foreach (var warning in TriggerWarnings.For(expression).Where(warning => warning.Suggestion.Length > 0))
        {
            _misspelt[warning.Ordinal] =
                $"can never fire unless '{warning.Pattern.Name}' is raised by qb.trigger: the farm has no such event; did you mean '{warning.Suggestion}'?";
        }

        return Node(expression, 0, isRemembered: false);
    }

    private ExplainedNode Node(TriggerExpression expression, int depth, bool isRemembered) => expression switch
    {
        EventPattern pattern => Leaf(pattern, isNegated: false, isRemembered),
        Not negated => Leaf(negated.Pattern, isNegated: true, isRemembered),
        AllOf all => Operator("and", Flat<AllOf>(all), operands => operands, depth, isRemembered: true),
        AtLeast some => Operator("any", [.. some.Operands], _ => some.Needed, depth, isRemembered: true),
        AnyOf any => Operator("or", Flat<AnyOf>(any), _ => 1, depth, isRemembered),
        _ => throw new InvalidOperationException($"no such expression: {expression.GetType()}"),
    };

    private static List<TriggerExpression> Flat<TOperator>(TriggerExpression expression)
        where TOperator : OperatorExpression =>
        expression is TOperator operation ? [.. operation.Operands.SelectMany(Flat<TOperator>)] : [expression];

    private ExplainedNode Operator(string kind, List<TriggerExpression> operands, Func<int, int> needed, int depth, bool isRemembered)
    {
        ExplainedNode[] children = [.. operands.Select(operand => Node(operand, depth + 1, isRemembered))];
        var isMet = children.ToLookup(child => child.State is LeafState.Matched or LeafState.Holds);
        var need = needed(children.Length);
        var satisfied = isMet[true].Count();
        var missing = children.Where(child => child.State is not (LeafState.Matched or LeafState.Holds)).OrderBy(child => child.Missing)
            .Take(Math.Max(0, need - satisfied)).Sum(child => child.Missing);
        var possible = children.Count(child => child.State is not (LeafState.Never or LeafState.Violated));
        var state = satisfied >= need ? LeafState.Matched
            : possible < need ? LeafState.Never
            : kind == "or" && !isRemembered ? LeafState.Open
            : LeafState.Missing;

        // What can never happen is what a person came to learn; then what is missing; what has matched, the latest first.
        var unmet = isMet[false].OrderBy(child => child.State is LeafState.Never or LeafState.Violated ? 0 : 1).ToList();
        var met = isMet[true].OrderByDescending(child => child.Last?.Time ?? 0).ToList();
        return new()
        {
            Kind = kind,
            Text = Words(kind, need, children.Length),
            State = state,
            Operands = children.Length,
            Needed = need,
            Satisfied = satisfied,
            Missing = missing,
            Last = children.Select(child => child.Last).MaxBy(mark => mark?.Time ?? 0),
            Why = state == LeafState.Never ? unmet[0].Why : "",
            Children = depth >= MaxDepth ? [] : [.. unmet.Take(parts.MissingShown), .. met.Take(parts.MatchedShown)],
            HiddenMissing = Math.Max(0, unmet.Count - (depth >= MaxDepth ? 0 : parts.MissingShown)),
            HiddenMatched = Math.Max(0, met.Count - (depth >= MaxDepth ? 0 : parts.MatchedShown)),
        };
    }

    private static string Words(string kind, int needed, int operands) => kind switch
    {
        "and" => string.Create(CultureInfo.InvariantCulture, $"all {operands} of"),
        "or" => "any of",
        _ => string.Create(CultureInfo.InvariantCulture, $"at least {needed} of {operands}"),
    };

    private ExplainedNode Leaf(EventPattern pattern, bool isNegated, bool isRemembered)
    {
        var ordinal = _next++;
        var leaf = _leaves.GetValueOrDefault(ordinal);
        var isReady = leaf?.IsReady ?? false;
        var why = isReady ? "" : _misspelt.GetValueOrDefault(ordinal) ?? Problem(pattern, leaf) ?? "";
        var state = (isNegated, isReady) switch
        {
            (true, true) => LeafState.Violated,
            (true, false) => LeafState.Holds,
            (_, true) => LeafState.Matched,
            _ when why.Length > 0 => LeafState.Never,
            _ => isRemembered ? LeafState.Missing : LeafState.Open,
        };
        return new()
        {
            Kind = "event",
            Text = new TriggerLeaf(ordinal, pattern, isNegated).ToString(),
            State = state,
            Missing = state is LeafState.Matched or LeafState.Holds ? 0 : 1,
            Source = leaf is null || leaf.Source == ExplainMessages.LeafView.NoSource ? null : leaf.Source,
            Names = leaf?.Names ?? 0,
            Last = leaf?.Last is { } mark ? new(mark.AtMs / 1000.0, mark.Log, mark.SequenceNr, mark.EventOrdinal, mark.Item) : null,
            Why = state switch
            {
                LeafState.Never => why,
                LeafState.Violated => "has happened, which this callback forbids until it is retried",
                _ => "",
            },
        };
    }

    private string? Problem(EventPattern pattern, ExplainMessages.LeafView? leaf)
    {
        if (pattern.Type is not (SubjectType.Job or SubjectType.Subjob or SubjectType.Work))
        {
            return null;
        }

        if (leaf is null || leaf.Source == ExplainMessages.LeafView.NoSource)
        {
            return pattern.Context.Kind switch
            {
                ContextKind.Label => PatternProblems.OfUnknownLabel(pattern.Context.Label, parts.Subject.Pgrp, parts.GroupLabels),
                ContextKind.Parent => $"can never fire: the job has no parent (pid {parts.Subject.Pid})",
                _ => null,
            };
        }

        if (!parts.Sources.ContainsKey(leaf.Source))
        {
            return null;
        }

        return Known(leaf.Source) is { } target
            ? PatternProblems.Of(pattern, target, view.Callback.Catchup)
            : $"can never fire: job {leaf.Source} does not exist or has been removed";
    }

    private KnownJob? Known(long id)
    {
        if (_known.TryGetValue(id, out var known))
        {
            return known;
        }

        var source = parts.Sources[id];
        var agenda = source.Agenda is null ? null : Agenda.FromSpec(source.Agenda).Value;
        return _known[id] = source is { Exists: true, Removed: false } ? new(id, agenda is { Count: > 0 } ? agenda : null, source.Instances, source) : null;
    }
}

using Qube.Triggers;

namespace Qube.Domain.Submissions;

/// <summary>What <c>qb.trigger</c> may raise (spec/callbacks.md §3, §4): one event of the trigger grammar, about one thing.</summary>
public static class RaisedEvents
{
    /// <summary>What a monitor may say of a host in the farm's stead: the farm itself never does.</summary>
    private static readonly string[] OfHosts = ["panic", "removed"];

    /// <summary>Reads the text of an event.</summary>
    /// <param name="text"><c>rendered-job-1234</c>, <c>checked-work-1234-5</c>, <c>name-global</c>.</param>
    /// <param name="labels">Labels of the process group of the callback that raises it; none outside of one.</param>
    /// <param name="hasOwner">Raised inside a callback, where self, parent and labels mean something.</param>
    /// <returns>The event, or why it cannot be raised.</returns>
    public static (EventPattern? Event, string? Error) Read(string text, IReadOnlyCollection<string> labels, bool hasOwner)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parsed = TriggerParser.Parse(text, labels);
        if (parsed.Expression is not { } expression)
        {
            return (null, $"event '{text}': {parsed.Error?.Message}");
        }

        if (expression is not EventPattern pattern)
        {
            return (null, $"event '{text}': one event is raised at a time, without && and ||");
        }

        return Problem(pattern, hasOwner) is { } problem ? (null, $"event '{text}': {problem}") : (pattern, null);
    }

    private static string? Problem(EventPattern pattern, bool hasOwner)
    {
        if (pattern.Type.IsClock())
        {
            return "a clock strikes by itself";
        }

        if (EventNames.KnownFor(pattern.Type).Contains(pattern.Name) && !(pattern.Type == SubjectType.Host && OfHosts.Contains(pattern.Name)))
        {
            return $"'{pattern.Name}' is the farm's own to say; raise an event with a name of your own";
        }

        if (pattern.IsWildcard)
        {
            return "name one item: * stands in triggers only";
        }

        // A host is named by the extra, and nothing listens to the context of a global event.
        if (pattern.Type is SubjectType.Host or SubjectType.Global)
        {
            return null;
        }

        return pattern.Context.Kind switch
        {
            ContextKind.Any => "name one job: * stands in triggers only",
            ContextKind.Self or ContextKind.Parent or ContextKind.Label when !hasOwner =>
                $"'{pattern.Context}' is known inside a callback only; outside, name the job by its id",
            _ => null,
        };
    }
}

namespace Qube.Triggers;

/// <summary>One link of a `dependency`: wait until the target is in that state.</summary>
/// <param name="State">The state waited for.</param>
/// <param name="Type">Job: the whole job waits. Work, Subjob: each item or instance waits for the one of the same name.</param>
/// <param name="Target">A job id, a label of the process group, or parent.</param>
public readonly record struct DependencyLink(DependencyState State, SubjectType Type, TriggerContext Target)
{
    /// <summary>The event waited for; of any item where the link is by item.</summary>
    public EventPattern Pattern => new(StateWord, Type, Target, Type == SubjectType.Job ? "" : EventPattern.AnyItem);

    private string StateWord => State switch
    {
        DependencyState.Complete => "complete",
        DependencyState.Done => "done",
        DependencyState.Failed => "failed",
        _ => "killed",
    };

    public override string ToString() => $"link-{StateWord}-{Type.Word()}-{Target}";
}

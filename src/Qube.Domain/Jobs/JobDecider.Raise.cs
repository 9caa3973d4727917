using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <content>Events that users raise for this job, its instances or its items (spec/callbacks.md §4, <c>qb.trigger</c>).</content>
public sealed partial class JobDecider
{
    /// <summary>Writes the event into the log once; a request id that was applied before is answered and changes nothing. Of an item or instance that
    /// does not exist, and of a removed job, nothing is raised: nobody could hear it.</summary>
    public void OnRaise(EventMessages.RaiseOfJob raise, object replyTo, long nowMs)
    {
        IsUrgent = true;
        var isRepeated = raise.RequestId.Length > 0 && State.WasApplied(raise.RequestId);
        var target = State.Removed ? null : TargetOf(raise);
        if (isRepeated || target is null)
        {
            Answer(replyTo, raise.RequestId, target is { Id: var known } ? [known] : []);
            return;
        }

        if (raise.IsLimited && IsDenied(raise.Owners, "raise events of", raise.User, raise.RequestId, replyTo, nowMs))
        {
            return;
        }

        Remember(raise.RequestId, isClients: true, nowMs);
        Emit(
            new Transition
            {
                Kind = TransitionKind.Raised,
                Text = raise.Name.ToLowerInvariant(),
                Seq = target.Value.Seq,
                Instance = target.Value.Instance,
                Depth = raise.Depth,
            },
            nowMs);
        Answer(replyTo, raise.RequestId, [target.Value.Id]);
    }

    private (int Seq, int Instance, string Id)? TargetOf(EventMessages.RaiseOfJob raise)
    {
        if (raise.Item is { } item)
        {
            return State.Agenda is not null && State.Agenda.TryGetSeq(item, out var seq) ? (seq, -1, $"{Id}:{item}") : null;
        }

        if (raise.Instance >= 0)
        {
            return raise.Instance < State.Instances.Length ? (-1, raise.Instance, $"{Id}.{raise.Instance}") : null;
        }

        return (-1, -1, Id.ToString());
    }
}

using Akka.Actor;
using Qube.Contracts;
using Qube.Triggers;

namespace Qube.Actors.Callbacks;

/// <content>The triggers as they stand, for explanations.</content>
public sealed partial class CallbackActor
{
    private void OnGetTriggers(ExplainMessages.GetTriggers query)
    {
        // Parsed once for the page's callbacks, and for those before it that the item leaves out: what the query costs is what it looks at.
        var asked = spec.Callbacks.Where(callback => fold.Concerns(callback, query.Item)).ToList();
        var page = new List<ExplainMessages.TriggerView>();
        var bytes = 0;
        foreach (var callback in asked.Where(callback => callback.Id > query.After).OrderBy(callback => callback.Id))
        {
            var view = fold.ViewOf(callback, query.Item);
            bytes += 100 + callback.Triggers.Length + Math.Min(callback.Code.Length, CallbackFold.CodeShown) + (view.Leaves.Length * 90);
            if (page.Count > 0 && (bytes > 40_000 || page.Count >= query.Limit))
            {
                break;
            }

            page.Add(view);
        }

        var last = page.Count > 0 ? page[^1].Callback.Id : int.MaxValue;
        Sender.Tell(new ExplainMessages.Triggers
        {
            JobId = spec.JobId,
            Items = [.. page],
            Count = asked.Count,
            Next = asked.Exists(callback => callback.Id > last) ? last : 0,
            Labels = [.. fold.Labels],
        });
    }
}

using Akka.Actor;
using Qube.Contracts;

namespace Qube.Actors.Callbacks;

/// <content>Labels that nobody had when the job was submitted: bound when a job that has one joins the process group (spec/callbacks.md Q6).</content>
public sealed partial class CallbackActor
{
    private readonly HashSet<string> joining = new(StringComparer.OrdinalIgnoreCase);

    private void AskForLabels()
    {
        if (fold.Set.OpenLabels.Count > 0)
        {
            farm.Groups.Tell(new FarmMessages.GetProcessGroup { Pgrp = spec.Pgrp });
        }
    }

    private void Joined(string label, long job)
    {
        if (label.Length == 0 || !fold.Set.OpenLabels.Contains(label, StringComparer.OrdinalIgnoreCase) || !joining.Add(label))
        {
            return;
        }

        PersistAsync(new CallbackEvents.LabelBound { Label = label, Source = job }, bound =>
        {
            Read(Bind(bound));
            Listen();
        });
    }

    private SourceLog Bind(CallbackEvents.LabelBound bound)
    {
        fold.Set.Resolve(bound.Label, bound.Source);
        if (!sources.TryGetValue(bound.Source, out var source))
        {
            // It came after this job: it has no past that this one missed.
            sources[bound.Source] = source = new SourceLog(bound.Source) { Bound = true };
        }

        return source;
    }
}

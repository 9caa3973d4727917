namespace Qube.Triggers;

/// <summary>A callback is to act. Its identity is (callback, cause, current): folding the same matches again gives the same firings.</summary>
/// <param name="CallbackId">The callback.</param>
/// <param name="Cause">The event that made its expression fire.</param>
/// <param name="Works">
/// Agenda items to act upon: the joined names, else the distinct fixed extras of the satisfied `&amp;&amp;`. Empty = the trigger named no
/// work event, so a work verb acts on all items (callbacks.md §11).
/// </param>
/// <param name="Instances">The same for instance numbers and subjob verbs.</param>
/// <param name="Current">The one item of the causing event: the script's and mail's current item; null for none or many.</param>
public sealed record Firing(int CallbackId, EventCause Cause, NameSet Works, NameSet Instances, string? Current);

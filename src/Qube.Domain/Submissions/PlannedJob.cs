namespace Qube.Domain.Submissions;

/// <summary>A job that would be created.</summary>
/// <param name="Label">Its label, given or made.</param>
/// <param name="Name">Its name.</param>
/// <param name="Prototype">Its job type.</param>
/// <param name="Status">The status in which it would begin.</param>
/// <param name="Items">Agenda items.</param>
/// <param name="BlockedItems">Of them those that begin blocked.</param>
/// <param name="Instances">Instances.</param>
/// <param name="Callbacks">Callbacks, those that its dependency makes included.</param>
public sealed record PlannedJob(string Label, string Name, string Prototype, string Status, int Items, int BlockedItems, int Instances, int Callbacks);

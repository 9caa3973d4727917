namespace Qube.Triggers;

/// <summary>Some callback listens to this: `Extra` is a name, `*` for any item, or empty where the type has none.</summary>
public readonly record struct EventInterest(SubjectType Type, string Name, string Extra);

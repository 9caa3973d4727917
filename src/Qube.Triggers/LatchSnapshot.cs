namespace Qube.Triggers;

/// <summary>One remembered pattern: its ordinal and, for a wildcard, the names it has seen (empty for any other).</summary>
public readonly record struct LatchSnapshot(int Ordinal, NameSet Names);

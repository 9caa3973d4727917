namespace Qube.Domain.Submissions;

/// <summary>A job that is already in the process group.</summary>
public readonly record struct GroupMember(long JobId, string Label);

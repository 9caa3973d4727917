using System.Collections.Immutable;

namespace Qube.Domain.Explaining;

/// <summary>What keeps a job from a host; nothing when it fits and waits for its turn.</summary>
public sealed record ExplainedHost(string Host, ImmutableArray<string> Lacks);

using Qube.Contracts;

namespace Qube.Domain.Jobs;

/// <summary>An attempt for a frame's own journal, and the run that waits to hear that it is recorded.</summary>
public sealed record JobAttempt(int Seq, int Run, FrameEvents.AttemptRecorded Attempt);

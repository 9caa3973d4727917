using Qube.Contracts;
using Qube.Domain.Ranges;

namespace Qube.Domain.Submissions;

/// <summary>A job that a trigger or a link listens to.</summary>
/// <param name="Id">Its id, provisional in a dry run for a job of the batch.</param>
/// <param name="Agenda">Null when it has no items.</param>
/// <param name="Instances">How many it has.</param>
/// <param name="Source">Its state; null for a job of this very submission.</param>
internal sealed record KnownJob(long Id, Agenda? Agenda, int Instances, JobMessages.Source? Source);

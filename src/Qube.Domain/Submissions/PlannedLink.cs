namespace Qube.Domain.Submissions;

/// <summary>Events of one job that make callbacks of another act; like ones are one link.</summary>
/// <param name="From">Label of the job whose events they are, <c>job 12</c> for one that exists, <c>the farm</c> for clocks and global events.</param>
/// <param name="To">Label of the job that owns the callbacks.</param>
/// <param name="Events">What kind of event: <c>complete-work</c>, with its item where there is only one.</param>
/// <param name="Action">The verb, or the language of the script.</param>
/// <param name="Count">How many patterns it stands for.</param>
public sealed record PlannedLink(string From, string To, string Events, string Action, int Count);

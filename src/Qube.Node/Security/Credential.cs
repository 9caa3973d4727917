namespace Qube.Node.Security;

/// <summary>On whose behalf a process of the farm's own asks.</summary>
/// <param name="User">The callback's owner, or the job's.</param>
/// <param name="Job">The job that the process is for; 0 is a global callback's.</param>
/// <param name="Firing">The firing whose script it is; empty for processes of a job.</param>
internal sealed record Credential(string User, long Job, string Firing)
{
    public bool IsOfScript => Firing.Length > 0;
}

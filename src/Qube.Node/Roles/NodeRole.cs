namespace Qube.Node.Roles;

/// <summary>What a process is of a farm (design §2).</summary>
public enum NodeRole
{
    /// <summary>Supervisor and worker in one: <c>qube up</c>.</summary>
    Both,

    Supervisor,

    Worker,
}

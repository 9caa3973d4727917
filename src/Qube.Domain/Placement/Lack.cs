namespace Qube.Domain.Placement;

/// <summary>Something that keeps a job from a host.</summary>
/// <param name="Summary">Without what is special to the host, to be counted over hosts: <c>no free host.processors</c>.</param>
/// <param name="Detail">In full: <c>needs host.processors=4, 1 free of 2</c>.</param>
public readonly record struct Lack(string Summary, string Detail)
{
    public override string ToString() => Detail;
}

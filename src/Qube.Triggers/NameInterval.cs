namespace Qube.Triggers;

/// <summary>All integers from <paramref name="First"/> to <paramref name="Last"/>, both included.</summary>
public readonly record struct NameInterval(long First, long Last)
{
    public long Count => Last - First + 1;

    public override string ToString() => First == Last ? $"{First}" : $"{First}..{Last}";
}

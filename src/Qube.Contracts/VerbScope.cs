namespace Qube.Contracts;

/// <summary>What a verb acts on: the API's job verbs leave items alone, the command line's act on both (spec/jobs.md §6.1).</summary>
public enum VerbScope : byte
{
    Job = 0,
    Work = 1,
    Both = 2,
}

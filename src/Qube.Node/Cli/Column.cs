namespace Qube.Node.Cli;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="IsRight">Numbers stand at the right.</param>
/// <param name="LeastWidth">A column that may shrink on a narrow terminal, and to what; 0: it never does.</param>
/// <param name="Rank">A column that a narrow terminal does without, the highest first; 0: never.</param>
public sealed record Column(string Title, bool IsRight = false, int LeastWidth = 0, int Rank = 0);

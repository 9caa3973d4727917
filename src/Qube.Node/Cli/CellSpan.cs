namespace Qube.Node.Cli;

/// <summary>A stretch of a cell in one tone.</summary>
public readonly record struct CellSpan(string Text, Tone Tone);

namespace Qube.Domain.Explaining;

/// <summary>How a leaf, or an operator, of a trigger stands.</summary>
public static class LeafState
{
    /// <summary>Remembered; or, of an operator, satisfied.</summary>
    public const string Matched = "matched";

    public const string Missing = "missing";

    /// <summary>An alternative that remembers nothing: it fires whenever it happens.</summary>
    public const string Open = "open";

    /// <summary>As things stand it will not happen: see why.</summary>
    public const string Never = "never";

    /// <summary>Behind `!`, and has not happened.</summary>
    public const string Holds = "holds";

    /// <summary>Behind `!`, and has happened: nothing fires until it is retried.</summary>
    public const string Violated = "violated";
}

namespace Qube.Load;

/// <summary>One line of the report. All texts and numbers as they are to be read; the machine's noise is in <see cref="Spread"/>.</summary>
internal sealed record Figure
{
    public required string Name { get; init; }

    public required double Value { get; init; }

    public required string Unit { get; init; }

    /// <summary>What it was measured against in the same run; empty for a plain count.</summary>
    public string Reference { get; init; } = "";

    public double? ReferenceValue { get; init; }

    /// <summary>Value over reference, the median of the rounds' own ratios.</summary>
    public double? Ratio { get; init; }

    /// <summary>Milliseconds.</summary>
    public double? P50 { get; init; }

    /// <summary>Milliseconds.</summary>
    public double? P99 { get; init; }

    /// <summary>Lowest and highest of the rounds; of the ratios where there is one.</summary>
    public string Spread { get; init; } = "";

    /// <summary>What is asked for; empty where nothing is.</summary>
    public string Goal { get; init; } = "";

    /// <summary>Whether <see cref="Goal"/> is met; null where there is none.</summary>
    public bool? IsMet { get; init; }
}

using System.Globalization;

namespace Qube.Load.Measure;

/// <summary>The same thing measured several times: the middle counts, the ends are told.</summary>
internal sealed class Spread
{
    private readonly List<double> _values = [];

    public int Count => _values.Count;

    public double Median
    {
        get
        {
            double[] sorted = [.. _values.Order()];
            return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }

    public double Last => _values[^1];

    public void Add(double value) => _values.Add(value);

    /// <summary><c>low–high (n)</c>.</summary>
    public override string ToString() => _values.Count == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{Text(_values.Min())}–{Text(_values.Max())} ({_values.Count})");

    private static string Text(double value) => value.ToString(Math.Abs(value) >= 100 ? "0" : "0.##", CultureInfo.InvariantCulture);
}

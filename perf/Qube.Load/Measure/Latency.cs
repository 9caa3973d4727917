using System.Diagnostics;
using HdrHistogram;

namespace Qube.Load.Measure;

/// <summary>Times in microseconds, up to a minute, three digits.</summary>
internal static class Latency
{
    public static LongHistogram Histogram() => new(1, 60_000_000, 3);

    /// <summary>Takes ticks of <see cref="Stopwatch"/>.</summary>
    public static Action<long> Record(LongHistogram histogram) => ticks => histogram.RecordValue(Math.Max(1, (long)(ticks * (1e6 / Stopwatch.Frequency))));

    public static void RecordSeconds(LongHistogram histogram, double seconds) => histogram.RecordValue(Math.Max(1, (long)(seconds * 1e6)));

    public static double Ms(LongHistogram histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
}

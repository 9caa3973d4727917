using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Qube.Contracts;

namespace Qube.Node.Api;

/// <summary>Jobs and frames by status, counted in the read model when somebody asks, no oftener than every few seconds.</summary>
internal sealed partial class FarmTallyMeter : IDisposable
{
    public const string Name = "Qube.Farm";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly Meter meter = new(Name);
    private readonly Lock gate = new();
    private readonly Func<IJobReadModel> open;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private IJobReadModel? model;
    private FarmTallies? last;
    private long countedAt;

    /// <param name="open">Opens the rows, to be read beside whoever writes them.</param>
    /// <param name="time">The farm's clock.</param>
    /// <param name="log">For rows that cannot be read: the metrics then lack these figures.</param>
    public FarmTallyMeter(Func<IJobReadModel> open, TimeProvider time, ILogger<FarmTallyMeter> log)
    {
        (this.open, this.time, this.log) = (open, time, log);
        meter.CreateObservableGauge("qube.jobs", () => Measurements(tallies => tallies.Jobs), description: "Jobs by status.");
        meter.CreateObservableGauge("qube.frames", () => Measurements(tallies => tallies.Frames), description: "Frames of jobs that are not done, by status.");
    }

    public void Dispose()
    {
        meter.Dispose();
        lock (gate)
        {
            model?.Dispose();
            model = null;
        }
    }

    private IEnumerable<Measurement<long>> Measurements(Func<FarmTallies, ImmutableSortedDictionary<string, long>> part) =>
        Count() is { } tallies ? part(tallies).Select(pair => new Measurement<long>(pair.Value, KeyValuePair.Create("status", (object?)pair.Key))) : [];

    private FarmTallies? Count()
    {
        lock (gate)
        {
            if (last is not null && time.GetElapsedTime(countedAt) < Freshness)
            {
                return last;
            }

            try
            {
                model ??= open();
                (last, countedAt) = (model.Tally(), time.GetTimestamp());
            }
#pragma warning disable CA1031 // Whatever the storage throws: the other figures are wanted all the more then.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                LogAway(log, fault);
                model?.Dispose();
                (model, last) = (null, null);
            }

            return last;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The read model cannot be counted for /metrics")]
    private static partial void LogAway(ILogger log, Exception fault);
}

using OpenTelemetry.Metrics;
using Qube.Contracts.Telemetry;

namespace Qube.Node.Api;

/// <summary><c>/metrics</c>: what the node measures, as Prometheus reads it (design.md §7).</summary>
internal static class MetricsEndpoint
{
    /// <summary>The HTTP server's own meters, and the runtime's: memory, collections, threads.</summary>
    private static readonly string[] Meters = [FarmMeter.Name, FarmTallyMeter.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    public static void Configure(IServiceCollection services, ApiOptions options)
    {
        if (options.OpenReadModel is { } open)
        {
            services.AddSingleton(provider => new FarmTallyMeter(open, options.Time, provider.GetRequiredService<ILogger<FarmTallyMeter>>()));
        }

        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Meters).AddPrometheusExporter());
    }

    public static void Map(WebApplication app)
    {
        // Made here: it counts from being made to being disposed with the application.
        _ = app.Services.GetService<FarmTallyMeter>();
        app.MapPrometheusScrapingEndpoint("/metrics");
    }
}

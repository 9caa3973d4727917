using System.Globalization;
using Qube.Actors;
using Qube.Actors.Farm;

namespace Qube.Node.Api;

/// <summary>The HTTP API (version 1): every route over the farm's actors. What the routes are is told by <c>/openapi/v1.json</c>.</summary>
public static class ApiEndpoints
{
    /// <summary>To be called before the application is built: limits, JSON, the OpenAPI document and the address.</summary>
    public static void Configure(WebApplicationBuilder builder, ApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port, listen =>
            {
                if (options.Certificate is { } certificate)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Readable));
        builder.Services.AddOpenApi("v1");
        MetricsEndpoint.Configure(builder.Services, options);
    }

    /// <summary>Adds the routes.</summary>
    /// <param name="app">An application whose builder went through <see cref="Configure"/>.</param>
    /// <param name="farm">The farm that is served.</param>
    /// <param name="options">The same as given to <see cref="Configure"/>.</param>
    public static void Map(WebApplication app, FarmRefs farm, ApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(farm);
        ArgumentNullException.ThrowIfNull(options);
        app.Use((context, next) => ApiErrors.Answer(context, next, options.JournalTrouble));
        if (options.Guard is { } guard)
        {
            app.Use(new Authentication(guard, farm, options).Check);
        }

        app.MapOpenApi("/openapi/{documentName}.json");
        MetricsEndpoint.Map(app);
        var api = app.MapGroup("/api/v1");
        var submissions = new SubmissionService(farm, options.Submissions);
        JobEndpoints.Map(api, farm, submissions, options);
        ControlEndpoints.Map(api, farm, options);
        LedgerEndpoints.Map(api, farm, options);
        ExplainEndpoints.Map(api, farm, submissions, options);
        HostEndpoints.Map(api, farm, options);
        ResourceEndpoints.Map(api, farm, options);
        ReadingEndpoints.Map(api, farm, options);
        EventEndpoint.Map(api, farm, options);
        TriggerEndpoint.Map(api, farm, options);
        GlobalCallbackEndpoints.Map(api, farm, options);
        UserEndpoints.Map(api, farm, options);
        MailEndpoint.Map(api, farm, options);
        ClusterEndpoint.Map(api, farm, options);
        FarmEndpoints.Map(app, api, farm, options);
        api.MapFallback(context => ApiErrors.NotFound($"there is no {context.Request.Method} {context.Request.Path}").ExecuteAsync(context))
            .ExcludeFromDescription();
    }

    /// <summary>A call from inside a callback script is named by its firing and its number in it, so that a script run again changes nothing twice.</summary>
    internal static string? FiringRequestId(HttpRequest request)
    {
        var firing = request.Headers["X-Qube-Firing"].ToString();
        var call = request.Headers["X-Qube-Call"].ToString();
        return firing.Length > 0 && call.Length > 0 ? $"{firing}/{call}" : null;
    }

    /// <summary>The job that owns the callback which calls; 0 outside of callbacks and in global ones.</summary>
    internal static long FiringOwner(HttpRequest request)
    {
        var firing = request.Headers["X-Qube-Firing"].ToString();
        var slash = firing.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && long.TryParse(firing.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var job) ? job : 0;
    }

    internal static string RequestId(HttpRequest request, string? own) =>
        FiringRequestId(request) ?? OwnRequestId(request.HttpContext, string.IsNullOrEmpty(own) ? Guid.NewGuid().ToString("N") : own);

    /// <summary>What clients call their requests is theirs: nobody has another's request taken for done by its name, least of all a callback's.</summary>
    internal static string OwnRequestId(HttpContext context, string own) => Authentication.UserOf(context) is { } user ? $"{user}:{own}" : own;
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServiceDefaults.Health;
using ServiceDefaults.Telemetry;
using ServiceDefaults.Telemetry.Figures;

namespace ServiceDefaults;

/// <summary>What every service has in common, in one call each before and after <c>Build</c>.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>How long a stopping service may finish what it holds: requests, messages in hand, telemetry.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Adds telemetry (traces, metrics, logs over OTLP; figures for Operations), health checks and graceful shutdown.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddLogDefaults();
        builder.AddTelemetry();
        FigureReporter.AddTo(builder);
        builder.Services.AddHealthChecks();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (ready to serve: every check passes) and <c>/alive</c> (the process answers).
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthEndpoints();
        return app;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>
    /// The frameworks' own sources, and ours. No instrumentation package is needed: ASP.NET Core, HttpClient, Npgsql
    /// and NServiceBus record their activities and metrics themselves.
    /// </summary>
    private static readonly string[] Sources =
        ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "NServiceBus.Core", "AspireCqrs", "AspireCqrs.*"];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime",
        "Npgsql", "NServiceBus.Core.Pipeline.Incoming", "AspireCqrs",
    ];

    /// <summary>
    /// Exports traces, metrics and logs where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; without it, none.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        // ASP.NET Core leaves the tags of its activities to instrumentation packages unless it is told otherwise.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        var name = builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName;
        void Describe(ResourceBuilder resource) => resource.AddService(name).AddEnvironmentVariableDetector();

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
            var resource = ResourceBuilder.CreateDefault();
            Describe(resource);
            logging.SetResourceBuilder(resource).AddOtlpExporter();
        });

        builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .SetSampler(new RequestSampler())
            .AddSource(Sources)
            .AddProcessor(new HttpActivityNames())
            .AddOtlpExporter()
            .Build());
        builder.Services.AddSingleton(_ => Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter(Meters)
            .AddOtlpExporter()
            .Build());
        builder.Services.AddHostedService<TelemetryProviders>();
    }

    /// <summary>
    /// Builds the providers before anything else starts; the container flushes and disposes them last.
    /// </summary>
    private sealed class TelemetryProviders(TracerProvider tracing, MeterProvider metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            tracing.ForceFlush((int)FlushTimeout.TotalMilliseconds);
            metrics.ForceFlush((int)FlushTimeout.TotalMilliseconds);
            return Task.CompletedTask;
        }

        private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);
    }
}

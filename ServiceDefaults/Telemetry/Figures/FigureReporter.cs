using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Telemetry.Figures;

/// <summary>
/// Tells Operations every two seconds what this instance has counted. Each report has all since the start, so a lost
/// one costs nothing.
/// </summary>
internal sealed partial class FigureReporter(
    FigureCollector figures, HttpClient operations, string service, ILogger<FigureReporter> logger)
    : BackgroundService
{
    /// <summary>So many in a row: Operations may start a little later than the service.</summary>
    private const int WorthTelling = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly string instance = $"{service}-{Environment.MachineName}-{Guid.NewGuid():N}";
    private int failures;

    /// <summary>
    /// Has the service report, where <c>services:operations:http:0</c> names an Operations; with the key
    /// <c>Operations:Key</c> where that wants one.
    /// </summary>
    public static void AddTo(IHostApplicationBuilder builder)
    {
        if (!Uri.TryCreate(builder.Configuration["services:operations:http:0"], UriKind.Absolute, out var address))
            return;
        var service = builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName;
        builder.Services.AddSingleton<FigureCollector>();
        builder.Services.AddHostedService(services => new FigureReporter(
            services.GetRequiredService<FigureCollector>(),
            Client(address, builder.Configuration["Operations:Key"]),
            service,
            services.GetRequiredService<ILogger<FigureReporter>>()));
    }

    private static HttpClient Client(Uri address, string? key)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = Timeout };
        if (!string.IsNullOrEmpty(key))
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public override void Dispose()
    {
        operations.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Report(stoppingToken);
            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Report(CancellationToken stoppingToken)
    {
        try
        {
            using var answer = await operations.PostAsJsonAsync(
                ServiceFigures.Route,
                new ServiceFigures(service, instance, figures.Uptime.TotalSeconds, figures.Read()),
                stoppingToken);
            answer.EnsureSuccessStatusCode();
            if (failures >= WorthTelling)
                Back(logger);
            failures = 0;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            if (++failures == WorthTelling)
                Away(logger, operations.BaseAddress!, exception.Message);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Operations at {Address} does not take this service's figures; trying on: {Reason}")]
    private static partial void Away(ILogger logger, Uri address, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Operations takes this service's figures again.")]
    private static partial void Back(ILogger logger);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Operations.Http;

namespace Operations.Monitoring;

/// <summary>
/// The API of ServiceControl's monitoring: in camelCase, with paths from the root of its own address.
/// </summary>
internal static class MonitoringRoutes
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DictionaryKeyPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void MapMonitoring(this IEndpointRouteBuilder monitoring, OperationsSettings settings)
    {
        monitoring.MapGet("/", () => Results.Json(
            new { InstanceType = "monitoring", ServicePulseApi.Version }, Json));
        monitoring.MapMethods("/", ["OPTIONS"], (HttpContext context) =>
        {
            context.Response.Headers.Allow = "GET,DELETE,PATCH";
            context.Response.Headers.AccessControlExposeHeaders = "Allow";
        });
        // Names as endpoints read them, and not in camelCase.
        monitoring.MapGet("/connection", () => Results.Json(
            new { Metrics = new { Enabled = true, MetricsQueue = settings.MonitoringQueue, Interval = "00:00:01" } },
            JsonSerializerOptions.Default));
        monitoring.MapGet("/monitored-endpoints", (int? history, MonitoredEndpoints endpoints) =>
        {
            var (period, now) = (HistoryPeriod.Of(history), DateTime.UtcNow);
            return Results.Json(endpoints.Read(endpoint => Summary(endpoint, period, now)), Json);
        });
        monitoring.MapGet("/monitored-endpoints/disconnected", (MonitoredEndpoints endpoints) => Results.Json(
            endpoints.Read(endpoint => endpoint.Instances.All(MonitoredEndpoints.IsStale)).Count(stale => stale)));
        monitoring.MapGet("/monitored-endpoints/{name}", (string name, int? history, MonitoredEndpoints endpoints) =>
        {
            var (period, now) = (HistoryPeriod.Of(history), DateTime.UtcNow);
            return endpoints.Read(name, endpoint => Details(endpoint, period, now)) is { } details
                ? Results.Json(details, Json)
                : Results.NotFound();
        });
        monitoring.MapDelete("/monitored-instance/{name}/{instance}", (
            string name, string instance, MonitoredEndpoints endpoints) => endpoints.Forget(name, instance));
    }

    private static object Summary(MonitoredEndpoint endpoint, HistoryPeriod period, DateTime now)
    {
        var stale = endpoint.Instances.Count(MonitoredEndpoints.IsStale);
        return new
        {
            endpoint.Name,
            IsStale = stale == endpoint.Instances.Count,
            EndpointInstanceIds = endpoint.Instances.Select(instance => instance.Id),
            Metrics = Enum.GetValues<Measure>().ToDictionary(
                measure => measure.ToString(), measure => endpoint.Read(measure, period, now)),
            DisconnectedCount = stale,
            ConnectedCount = endpoint.Instances.Count - stale,
        };
    }

    private static object Details(MonitoredEndpoint endpoint, HistoryPeriod period, DateTime now)
    {
        var newest = period.Epoch(now.Ticks) - period.Delay;
        DateTime[] times =
            [.. Enumerable.Range(1 - HistoryPeriod.Intervals, HistoryPeriod.Intervals).Select(
                index => period.Start(newest + index))];
        var all = Enum.GetValues<Measure>().ToDictionary(
            measure => measure.ToString(), measure => endpoint.Read(measure, period, now));
        return new
        {
            Digest = new
            {
                Metrics = all.ToDictionary(
                    one => one.Key, one => new { Latest = one.Value.Points[^1], one.Value.Average }),
            },
            Instances = endpoint.Instances.Select(instance => new
            {
                instance.Name,
                instance.Id,
                IsStale = MonitoredEndpoints.IsStale(instance),
                Metrics = Measures.OfInstances.ToDictionary(
                    measure => measure.ToString(),
                    measure => endpoint.Read(measure, period, now, instance: instance.Id)),
            }).ToList(),
            MessageTypes = endpoint.MessageTypes.Select(type => new
            {
                Id = type,
                TypeName = type.Split(',')[0],
                Metrics = Measures.OfInstances.ToDictionary(
                    measure => measure.ToString(), measure => endpoint.Read(measure, period, now, type: type)),
            }).ToList(),
            MetricDetails = new
            {
                Metrics = all.ToDictionary(
                    one => one.Key, one => new TimedValues(one.Value.Average, one.Value.Points, times)),
            },
        };
    }
}

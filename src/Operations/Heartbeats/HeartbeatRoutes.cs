using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Operations.Http;
using Operations.Storage;

namespace Operations.Heartbeats;

internal sealed record MonitorRequest(bool MonitorHeartbeat);

internal sealed record TrackRequest(bool TrackInstances);

/// <summary>What the heartbeat pages of ServicePulse ask for.</summary>
internal static class HeartbeatRoutes
{
    public static void MapHeartbeats(this IEndpointRouteBuilder api)
    {
        api.MapGet("/heartbeats/stats", async (EndpointInstances endpoints, CancellationToken cancellationToken) =>
        {
            var monitored = (await endpoints.List(cancellationToken)).FindAll(one => one.Monitored);
            var active = monitored.Count(one => one.Alive == true);
            return ApiAnswer.Of(new { Active = active, Failing = monitored.Count - active });
        });
        api.MapGet("/endpoints", async (EndpointInstances endpoints, CancellationToken cancellationToken) =>
            ApiAnswer.Of((await endpoints.List(cancellationToken)).Select(View).ToList()));
        api.MapMethods("/endpoints", ["OPTIONS"], (HttpContext context) =>
        {
            context.Response.Headers.Allow = "GET,DELETE,PATCH";
            context.Response.Headers.AccessControlExposeHeaders = "Allow";
        });
        api.MapGet("/endpoints/known", async (
            Paging paging, EndpointInstances endpoints, CancellationToken cancellationToken) =>
        {
            var all = await endpoints.List(cancellationToken);
            return ApiAnswer.Of(all.Select(Known).ToList(), paging, all.Count);
        });
        api.MapPatch("/endpoints/{id:guid}", async (
            Guid id, [FromBody] MonitorRequest request, EndpointInstances endpoints,
            CancellationToken cancellationToken) =>
            await endpoints.Monitor(id, request.MonitorHeartbeat, cancellationToken)
                ? Results.Accepted() : Results.NotFound());
        api.MapDelete("/endpoints/{id:guid}", async (
            Guid id, EndpointInstances endpoints, CancellationToken cancellationToken) =>
            await endpoints.Forget(id, cancellationToken) ? Results.NoContent() : Results.NotFound());
        MapSettings(api);
    }

    private static void MapSettings(IEndpointRouteBuilder api)
    {
        api.MapGet("/endpointssettings", async (
            [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
            CancellationToken cancellationToken) =>
        {
            await using var list = database.CreateCommand(
                "select name, track_instances from operations.endpoint_settings order by name");
            return ApiAnswer.Of(await list.Read(
                row => new { Name = row.GetString(0), TrackInstances = row.GetBoolean(1) }, cancellationToken));
        });
        foreach (var path in new[] { "/endpointssettings", "/endpointssettings/{name}" })
        {
            api.MapPatch(path, async (
                string? name, [FromBody] TrackRequest request,
                [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
                CancellationToken cancellationToken) =>
            {
                await database.Execute(
                    Sql.Named("Operations.Heartbeats.set-tracking.sql"), cancellationToken, name ?? "",
                    request.TrackInstances);
                return Results.Accepted();
            });
        }
    }

    private static object View(KnownInstance known) => new
    {
        known.Id,
        known.Instance.Name,
        HostDisplayName = known.Instance.Host,
        known.Monitored,
        MonitorHeartbeat = known.Monitored,
        HeartbeatInformation = known.LastHeardAt is { } heard
            ? new { LastReportAt = heard, ReportedStatus = known.Alive == true ? "beating" : "dead" }
            : null,
        IsSendingHeartbeats = known.Alive is not null,
    };

    private static object Known(KnownInstance known) => new
    {
        known.Id,
        HostDisplayName = known.Instance.Host,
        EndpointDetails = new { known.Instance.Name, known.Instance.HostId, known.Instance.Host },
    };
}

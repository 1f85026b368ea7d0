using Npgsql;
using Operations.Http;
using Operations.Storage;

namespace Operations.Console;

internal static class DoneRoutes
{
    private const int Most = 20;

    /// <summary>What operators did last, without the ids of messages: <c>GET /api/actions</c> has those.</summary>
    public static void MapDone(this IEndpointRouteBuilder console) => console.MapGet("/actions", async (
        [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
        CancellationToken cancellationToken) =>
    {
        await using var command = database.CreateCommand(Sql.Beside<PageFiles>("recent-actions")).With(Most);
        var done = await command.Read(
            row => new DoneView(
                row.GetInt64(0), row.GetDateTime(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.Maybe<string>(5), row.GetInt64(6), row.GetString(7), row.Maybe<string>(8)),
            cancellationToken);
        return Results.Json(done, ApiJson.Options);
    });

    private sealed record DoneView(
        long Id, DateTime At, string Who, string Action, string Scope, string? Resource, long Messages,
        string Outcome, string? Detail);
}

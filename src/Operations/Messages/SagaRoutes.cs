using System.Text.Json;
using Npgsql;
using Operations.Auditing;
using Operations.Http;
using Operations.Storage;

namespace Operations.Messages;

/// <summary>What a saga made of its messages, newest first.</summary>
internal sealed record SagaHistory(Guid Id, Guid SagaId, string SagaType, IReadOnlyList<SagaHistoryChange> Changes);

internal sealed record SagaHistoryChange(
    DateTime StartTime, DateTime FinishTime, SagaChangeStatus Status, string StateAfterChange,
    JsonElement InitiatingMessage, JsonElement OutgoingMessages, string Endpoint);

/// <summary>The history of a saga, for its diagram.</summary>
internal static class SagaRoutes
{
    public static void MapSagas(this IEndpointRouteBuilder api) => api.MapGet("/sagas/{id:guid}", async (
        Guid id, [FromKeyedServices(OperationsService.Database)] NpgsqlDataSource database,
        CancellationToken cancellationToken) =>
    {
        await using var read = database.CreateCommand(Sql.Named("Operations.Messages.saga-history.sql")).With(id);
        var changes = await read.Read(
            row => (
                Type: row.GetString(7),
                Change: new SagaHistoryChange(
                    row.GetDateTime(1), row.GetDateTime(2), (SagaChangeStatus)row.GetInt16(0), row.GetString(3),
                    JsonElement.Parse(row.GetString(4)), JsonElement.Parse(row.GetString(5)), row.GetString(6))),
            cancellationToken);
        return changes.Count == 0
            ? Results.NotFound()
            : ApiAnswer.Of(new SagaHistory(
                id, id, changes[0].Type, [.. changes.Select(one => one.Change)]));
    });
}

using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Operations.Bulk;
using Operations.FailedMessages;
using Operations.Http;

namespace Operations.Archiving;

/// <summary>Pending retries to be marked as resolved; the names are ServicePulse's.</summary>
internal sealed record ResolveRequest(
    [property: JsonPropertyName("uniquemessageids")] Guid[]? Ids,
    [property: JsonPropertyName("queueaddress")] string? QueueAddress,
    [property: JsonPropertyName("from")] DateTime? From,
    [property: JsonPropertyName("to")] DateTime? To);

internal static class ArchiveRoutes
{
    private static readonly string[] PatchOrPost = ["PATCH", "POST"];

    public static void MapArchiving(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/errors/archive", PatchOrPost, async (
            [FromBody] Guid[] ids, Operator who, Archive archive, CancellationToken cancellationToken) =>
        {
            await archive.Put(ids, who, cancellationToken);
            return Results.Accepted();
        });
        api.MapMethods("/errors/{id:guid}/archive", PatchOrPost, async (
            Guid id, Operator who, Archive archive, CancellationToken cancellationToken) =>
        {
            await archive.Put([id], who, cancellationToken);
            return Results.Accepted();
        });
        api.MapPatch("/errors/unarchive", async (
            [FromBody] Guid[] ids, Operator who, Archive archive, CancellationToken cancellationToken) =>
        {
            await archive.Restore(ids, who, cancellationToken);
            return Results.Accepted();
        });
        api.MapPatch("/errors/{span}/unarchive", RestoreSpan);
        api.MapPatch("/pendingretries/resolve", Resolve);
        api.MapPatch("/pendingretries/queues/resolve", Resolve);
    }

    /// <summary>All that were archived in a time, <c>from...to</c>.</summary>
    private static async Task<IResult> RestoreSpan(
        string span, Operator who, BulkOperations operations, CancellationToken cancellationToken)
    {
        var request = new OperationRequest(
            OperationKind.Restore, OperationScope.All, span, null, FailedMessageStatus.Archived)
        {
            Modified = FailedMessageFilter.TimeSpan(span),
        };
        await operations.Start(request, who, cancellationToken);
        return Results.Accepted();
    }

    private static async Task<IResult> Resolve(
        [FromBody] ResolveRequest request, Operator who, Archive archive, CancellationToken cancellationToken)
    {
        if (request.Ids is null && (request.From is null || request.To is null))
            return Results.Problem("Give uniquemessageids, or from and to.", statusCode: 422);
        (DateTime, DateTime)? modified = request is { Ids: null, From: { } from, To: { } to }
            ? (from.ToUniversalTime(), to.ToUniversalTime())
            : null;
        await archive.Resolve(request.Ids, request.QueueAddress, modified, who, cancellationToken);
        return Results.Accepted();
    }
}

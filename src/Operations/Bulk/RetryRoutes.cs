using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Operations.FailedMessages;
using Operations.Groups;
using Operations.Http;

namespace Operations.Bulk;

/// <summary>
/// Asking for retries: of one message, several, an endpoint's, a queue's, all; of pending ones again.
/// </summary>
internal static class RetryRoutes
{
    public static void MapRetries(this IEndpointRouteBuilder api)
    {
        api.MapPost("/errors/{id:guid}/retry", (
            Guid id, Operator who, BulkOperations operations, CancellationToken cancellationToken) => Start(
                Unresolved(OperationScope.SingleMessage, id.ToString(), null) with { Ids = [id] }, who, operations,
                cancellationToken));
        api.MapPost("/errors/retry", (
            [FromBody] Guid[] ids, Operator who, BulkOperations operations,
            CancellationToken cancellationToken) => Start(
                Unresolved(OperationScope.MultipleMessages, Guid.CreateVersion7().ToString(), null) with { Ids = ids },
                who,
                operations, cancellationToken));
        api.MapPost("/errors/retry/all", (
            Operator who, BulkOperations operations, CancellationToken cancellationToken) => Start(
                Unresolved(OperationScope.All, "All", "all messages"), who, operations, cancellationToken));
        api.MapPost("/errors/{endpoint}/retry/all", (
            string endpoint, Operator who, BulkOperations operations, CancellationToken cancellationToken) => Start(
                Unresolved(OperationScope.AllForEndpoint, endpoint, $"all messages for endpoint {endpoint}") with
                {
                    Group = (Classifier.EndpointName, Classifier.EndpointName.GroupId(endpoint)),
                },
                who, operations, cancellationToken));
        api.MapPost("/errors/queues/{queue}/retry", (
            string queue, Operator who, BulkOperations operations, CancellationToken cancellationToken) => Start(
                Unresolved(
                    OperationScope.ByQueueAddress, queue, $"all messages for failed queue address '{queue}'") with
                {
                    Group = (Classifier.EndpointAddress, Classifier.EndpointAddress.GroupId(queue)),
                },
                who, operations, cancellationToken));
        api.MapPost("/pendingretries/retry", RetryPending);
        api.MapPost("/pendingretries/queues/retry", (
            [FromBody] PendingSpan span, Operator who, BulkOperations operations,
            CancellationToken cancellationToken) =>
            Start(Pending(span), who, operations, cancellationToken));
    }

    /// <summary>The pending retries of a queue, or all, that were issued in a time.</summary>
    public static OperationRequest Pending(PendingSpan span) => new(
        OperationKind.Retry,
        span.QueueAddress is null ? OperationScope.All : OperationScope.ByQueueAddress,
        $"pending {span.QueueAddress ?? "All"}",
        span.QueueAddress is null ? "all pending messages" : $"all pending messages for queue '{span.QueueAddress}'",
        FailedMessageStatus.RetryIssued)
    {
        Queue = span.QueueAddress,
        Modified = span.Modified,
    };

    private static OperationRequest Unresolved(OperationScope scope, string requestId, string? originator) =>
        new(OperationKind.Retry, scope, requestId, originator, FailedMessageStatus.Unresolved);

    /// <summary>An array of ids, or a time span for all.</summary>
    private static Task<IResult> RetryPending(
        [FromBody] JsonElement asked, Operator who, BulkOperations operations, CancellationToken cancellationToken)
    {
        if (asked.ValueKind == JsonValueKind.Object)
            return Start(Pending(asked.Deserialize<PendingSpan>()!), who, operations, cancellationToken);
        if (asked.ValueKind != JsonValueKind.Array || !asked.EnumerateArray().All(id => id.TryGetGuid(out _)))
            throw new BadHttpRequestException("Give an array of message ids, or { from, to }.");
        var request = new OperationRequest(
            OperationKind.Retry, OperationScope.MultipleMessages, Guid.CreateVersion7().ToString(), null,
            FailedMessageStatus.RetryIssued)
        {
            Ids = asked.Deserialize<Guid[]>(),
        };
        return Start(request, who, operations, cancellationToken);
    }

    private static async Task<IResult> Start(
        OperationRequest request, Operator who, BulkOperations operations, CancellationToken cancellationToken)
    {
        await operations.Start(request, who, cancellationToken);
        return Results.Accepted();
    }
}

/// <summary>Pending retries of a queue and a time; the names are ServicePulse's.</summary>
internal sealed record PendingSpan(
    [property: JsonPropertyName("queueaddress")] string? QueueAddress,
    [property: JsonPropertyName("from")] DateTime? From,
    [property: JsonPropertyName("to")] DateTime? To)
{
    /// <summary>Null where no time is meant: ServicePulse then sends two times that are the same.</summary>
    [JsonIgnore]
    public (DateTime From, DateTime To)? Modified =>
        From is { } from && To is { } to && from < to ? (from.ToUniversalTime(), to.ToUniversalTime()) : null;
}

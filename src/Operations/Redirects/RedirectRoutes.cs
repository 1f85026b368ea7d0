using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Operations.Bulk;
using Operations.Http;

namespace Operations.Redirects;

/// <summary>The names are ServicePulse's.</summary>
internal sealed record RedirectRequest(
    [property: JsonPropertyName("fromphysicaladdress")] string? From,
    [property: JsonPropertyName("tophysicaladdress")] string? To,
    [property: JsonPropertyName("retryexisting")] bool RetryExisting);

internal static class RedirectRoutes
{
    private const string Reason = "X-Particular-Reason";

    public static void MapRedirects(this IEndpointRouteBuilder api)
    {
        api.MapGet("/redirects", async (
            string? sort, string? direction, Paging paging, RedirectStore store, CancellationToken cancellationToken) =>
        {
            var all = Sorted(await store.List(cancellationToken), sort, direction == "desc");
            return ApiAnswer.Of(all.Skip((int)paging.Offset).Take(paging.Size).ToList(), paging, all.Count);
        });
        api.MapMethods("/redirect", ["HEAD"], async (
            Paging paging, RedirectStore store, CancellationToken cancellationToken) =>
        {
            var all = await store.List(cancellationToken);
            return ApiAnswer.Of(all, paging, all.Count);
        });
        api.MapPost("/redirects", Create);
        api.MapPut("/redirects/{id:guid}", Change);
        api.MapDelete("/redirects/{id:guid}", async (
            Guid id, Operator who, RedirectStore store, CancellationToken cancellationToken) =>
        {
            var all = await store.List(cancellationToken);
            if (all.Find(redirect => redirect.MessageRedirectId == id) is { } known)
                await store.Remove(known, who, cancellationToken);
            return Results.NoContent();
        });
    }

    /// <summary>409 where the queue is redirected elsewhere, or is where another redirect leads: no chains.</summary>
    private static async Task<IResult> Create(
        [FromBody] RedirectRequest request, HttpContext context, Operator who, RedirectStore store,
        BulkOperations operations, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.From) || string.IsNullOrWhiteSpace(request.To))
            return Results.Problem("Give fromphysicaladdress and tophysicaladdress.", statusCode: 400);
        var all = await store.List(cancellationToken);
        var redirect = new Redirect(RedirectStore.IdOf(request.From), request.From, request.To, DateTime.UtcNow);
        if (all.Find(other => other.MessageRedirectId == redirect.MessageRedirectId) is { } present)
        {
            if (present.ToPhysicalAddress == request.To)
                return Results.Json(present, ApiJson.Options, statusCode: 201);
            context.Response.Headers[Reason] = "Duplicate";
            return Results.Json(present, ApiJson.Options, statusCode: 409);
        }

        if (all.FindAll(other => other.ToPhysicalAddress == request.From) is { Count: > 0 } dependents)
        {
            context.Response.Headers[Reason] = "Dependents";
            return Results.Json(dependents, ApiJson.Options, statusCode: 409);
        }

        await store.Add(redirect, who, cancellationToken);
        if (request.RetryExisting)
        {
            await operations.Start(
                RetryRoutes.Pending(new PendingSpan(request.From, null, null)), who, cancellationToken);
        }

        return Results.Json(redirect, ApiJson.Options, statusCode: 201);
    }

    private static async Task<IResult> Change(
        Guid id, [FromBody] RedirectRequest request, Operator who, RedirectStore store,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.To))
            return Results.Problem("Give tophysicaladdress.", statusCode: 400);
        var all = await store.List(cancellationToken);
        if (all.Find(redirect => redirect.MessageRedirectId == id) is not { } known)
            return Results.NotFound();
        if (all.Exists(redirect => redirect.FromPhysicalAddress == request.To))
            return Results.Conflict();
        await store.Change(known, request.To, who, cancellationToken);
        return Results.NoContent();
    }

    private static List<Redirect> Sorted(List<Redirect> redirects, string? sort, bool descending)
    {
        var sorted = sort switch
        {
            "to_physical_address" => redirects.OrderBy(redirect => redirect.ToPhysicalAddress, StringComparer.Ordinal),
            "last_modified" => redirects.OrderBy(redirect => redirect.LastModified),
            _ => redirects.OrderBy(redirect => redirect.FromPhysicalAddress, StringComparer.Ordinal),
        };
        return descending ? [.. sorted.Reverse()] : [.. sorted];
    }
}
